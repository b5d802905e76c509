"""The yearly cycle: application, review, calculation, publication, decision, naming, archive."""
