"""One community: why it stands where it does, and what would lift it."""
