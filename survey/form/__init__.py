"""The questionnaire: what is asked, what its answers are worth, as values; ``workbook/`` reads and writes them."""

from survey.form.model import Choice, Question, Questionnaire
from survey.form.serial import from_dict, to_dict

__all__ = [
    "Choice",
    "Question",
    "Questionnaire",
    "from_dict",
    "to_dict",
]
