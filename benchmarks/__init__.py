"""How fast it is, measured: ``python -m benchmarks [intake|estimate|dashboard|demo …]``."""
