"""Pure readings of the desk."""
