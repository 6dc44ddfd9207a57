"""What a test is, decided without database or browser."""
