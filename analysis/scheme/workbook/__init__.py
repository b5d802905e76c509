"""A scheme as a workbook: read, checked, written."""
