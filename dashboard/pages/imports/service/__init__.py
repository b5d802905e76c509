"""What the import page does with files and the store."""
