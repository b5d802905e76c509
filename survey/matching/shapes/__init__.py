"""Sheets that people lay out otherwise: whose communities stand in titles, or that are no table of answers."""
