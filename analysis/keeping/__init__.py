"""How a year's results are kept: what is a community's own apart from what belongs to all of them together."""
