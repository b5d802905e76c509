"""Sheets that people lay out otherwise: communities in titles, items behind stems, what is no table of answers."""
