"""Whether what is shown leaves what few answered open, whoever solves all of it as one system."""
