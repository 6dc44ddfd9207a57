"""rules of the certification room."""
