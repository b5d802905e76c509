"""One question against one value or one column: values, scales, multiple choice, telephone numbers, mappings."""
