"""What a sheet is, which question each of its columns holds, and which choice a word means."""
