"""The register as a workbook: its columns, the English names in it, an empty one to fill in and the stored one."""
