"""What the room of tests does by the clock."""
