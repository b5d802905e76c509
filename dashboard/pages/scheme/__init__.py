"""The scheme of the year: what is measured by which rule, and how it came to be so."""
