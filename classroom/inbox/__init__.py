"""One table of things that wait for a decision; every room writes to it, the desk shows it."""
