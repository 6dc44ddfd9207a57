"""What pages of tests show."""
