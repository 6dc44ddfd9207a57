"""Work that happens by the clock, claimed from a table so that several machines share it."""
