"""A questionnaire out of a data file: each column as the question that it seems to answer, with how sure that is."""
