"""Where one machine ends: the responses of an archive scored on a cluster by the very same kernel (docs/spark.md)."""
