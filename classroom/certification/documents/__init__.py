"""Papers of the certification room."""
