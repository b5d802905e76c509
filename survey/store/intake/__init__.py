"""What came in, batch by batch: responses, call records, contacts, originals, decisions."""
