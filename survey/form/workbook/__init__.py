"""A questionnaire as an XLSForm workbook: read, checked, written, and made into an entry workbook."""
