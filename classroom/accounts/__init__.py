"""Organisations, staff, roles and sign-in."""
