"""Large files in a fraction of the time: what is read is what the reader of the format reads, or it reads it itself."""
