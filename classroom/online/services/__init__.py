"""services of the online room."""
