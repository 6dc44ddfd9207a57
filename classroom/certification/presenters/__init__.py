"""Rows of the certification room in words."""
