"""The year's cycle: where each community stands, and what comes next."""
