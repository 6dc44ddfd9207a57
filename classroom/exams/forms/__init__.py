"""Input of the room of tests → values; a module for each page."""
