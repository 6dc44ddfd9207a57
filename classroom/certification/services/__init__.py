"""services of the certification room."""
