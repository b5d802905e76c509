"""Tasks: which points were lost, and who is in charge of each."""
