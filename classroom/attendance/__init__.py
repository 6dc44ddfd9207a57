"""Presence: room codes, scans, marks, the register, screens and the board."""
