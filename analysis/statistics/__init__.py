"""Arrays in, arrays out: estimation, replicates, raking, ranks, reliability, tests."""
