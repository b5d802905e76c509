"""Results of a year as data for other programs: tables, a dictionary, five formats."""
