"""queries of the certification room."""
