"""The 1000-point scheme of a year: as a value, as JSON, and the one that ships; ``workbook/`` reads and writes it."""

from analysis.scheme.default import default_scheme
from analysis.scheme.model import Dimension, Indicator, Scheme, Star
from analysis.scheme.serial import from_dict, to_dict

__all__ = [
    "Dimension",
    "Indicator",
    "Scheme",
    "Star",
    "default_scheme",
    "from_dict",
    "to_dict",
]
