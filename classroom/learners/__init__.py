"""People who learn: who they are, how they are found, what is kept about them."""
