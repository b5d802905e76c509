"""Who owes what by when (待办、催办): told from what stands in the store, kept nowhere a second time."""
