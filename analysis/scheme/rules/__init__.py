"""From an indicator's value to its points, each with its reason in words."""
