"""What everything else stands on: texts, errors, findings, cells, addresses, masking, progress."""
