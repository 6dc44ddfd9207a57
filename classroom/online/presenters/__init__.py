"""Online learning as pages show it."""
