"""The questionnaire: what is asked, what its answers are worth, and the workbook that says so."""

from survey.form.model import Choice, Question, Questionnaire
from survey.form.serial import from_dict, to_dict
from survey.form.workbook.reading import read_questionnaire
from survey.form.workbook.writing import write_questionnaire

__all__ = [
    "Choice",
    "Question",
    "Questionnaire",
    "from_dict",
    "read_questionnaire",
    "to_dict",
    "write_questionnaire",
]
