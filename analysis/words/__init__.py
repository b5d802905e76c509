"""Answers in words: read, put under codes by people, and counted with their error."""
