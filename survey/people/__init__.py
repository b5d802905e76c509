"""Who answered: ids from telephone numbers, duplicates, contacts kept apart, retention."""
