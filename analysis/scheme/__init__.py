"""The 1000-point scheme of a year: as a value, as a workbook, as JSON, and the one that ships."""

from analysis.scheme.default import default_scheme
from analysis.scheme.model import Dimension, Indicator, Scheme, Star
from analysis.scheme.serial import from_dict, to_dict
from analysis.scheme.workbook.reading import read_scheme
from analysis.scheme.workbook.writing import write_scheme

__all__ = [
    "Dimension",
    "Indicator",
    "Scheme",
    "Star",
    "default_scheme",
    "from_dict",
    "read_scheme",
    "to_dict",
    "write_scheme",
]
