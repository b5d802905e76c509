"""What a clause of an annex says in words, as a rule with its parameters."""
