"""What can be done in attendance."""
