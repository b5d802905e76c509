"""What a file holds, as one table: every question against every column, both ways; the table as a file."""
