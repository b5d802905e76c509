"""Many papers of a year into one archive or folder, and what an interrupted run leaves for the next."""
