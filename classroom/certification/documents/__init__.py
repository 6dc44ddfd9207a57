"""Papers and tables of the certification room."""
