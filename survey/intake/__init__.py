"""One file, read to the end: inspected without storing anything, committed in one transaction."""
