"""Tests as they are printed."""
