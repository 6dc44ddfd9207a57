"""Forms of online learning."""
