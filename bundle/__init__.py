"""What an office without internet, or without a terminal, is handed: everything in one file, made by ``make bundle``."""
