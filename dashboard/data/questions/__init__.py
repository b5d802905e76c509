"""What an address may ask of the questionnaires of a year: questions, places, splits, filters."""
