"""The room of tests: question bank, papers, sittings, attempts, marking, item analysis."""
