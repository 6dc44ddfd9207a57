"""An append-only log of who changed what, when and from where."""
