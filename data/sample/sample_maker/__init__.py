"""Makes the invented sample street of ``data/sample``: every number, name and opinion in it is made up."""
