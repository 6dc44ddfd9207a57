"""Forms of rules and certificates."""
