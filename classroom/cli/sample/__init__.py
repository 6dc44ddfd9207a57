"""A sample programme with invented people, written by the same use cases as real ones."""
