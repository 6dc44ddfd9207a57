"""What can be done in the room of tests; each module one job."""
