"""How far the stars of a year rest on choices, beside how far they rest on the sample."""
