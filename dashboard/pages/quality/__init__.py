"""Data quality: how far the questionnaire and the sample of the year can be trusted."""
