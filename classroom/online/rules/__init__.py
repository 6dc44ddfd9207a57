"""rules of the online room."""
