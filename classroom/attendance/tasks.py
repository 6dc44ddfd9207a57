"""What the attendance room does by the clock."""
