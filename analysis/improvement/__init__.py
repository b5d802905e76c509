"""Points lost, who answers for them, what would lift a community, the task list out and back."""
