"""queries of the online room."""
