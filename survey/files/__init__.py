"""From the bytes of a stranger's file to plain sheets of cells."""
