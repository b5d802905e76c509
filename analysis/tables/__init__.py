"""Results as tables for commands and files."""
