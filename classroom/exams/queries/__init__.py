"""What the room of tests reads."""
