"""What people ask of a survey beside means: totals, ratios, quantiles, spread, crosses, differences, outcome rates."""
