"""Results kept as snapshots, measures kept beside them, steps of the year, versions of schemes."""
