"""What an office prints and signs: facts in words, set by typst."""
