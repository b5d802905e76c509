"""What some tests need of the machine: where it is missing they skip and say so; with ``CI=true`` they fail."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import warnings
from functools import cache
from pathlib import Path

import pytest

from tests.tools.stores import postgres

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
LIBREOFFICE = shutil.which("soffice") or shutil.which("libreoffice")


def need(why: str) -> None:
    """Go on where nothing is missing; else skip with the sentence, or fail with it where CI installs everything."""
    if not why:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"{why}, and CI=true skips nothing", pytrace=False)
    warnings.warn(pytest.PytestWarning(why), stacklevel=2)
    pytest.skip(why)


@cache
def no_browser() -> str:
    """Why there can be no browser test here, or nothing."""
    head = "THE DASHBOARD IS NOT TESTED IN A BROWSER"
    if CHROMIUM is None:
        return f"{head}: Chromium is not installed (make test installs it where it can)"
    fonts = shutil.which("fc-list") and subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True).stdout
    return "" if fonts and fonts.strip() else f"{head}: no font with Chinese characters is installed"


@cache
def no_r() -> str:
    """Why R can't check, or nothing."""
    head = "THE R CHECK IS NOT TESTED"
    if shutil.which("Rscript") is None:
        return f"{head}: Rscript is not installed"
    ready = subprocess.run(["Rscript", "-e", "library(survey)"], capture_output=True, check=False).returncode == 0
    return "" if ready else f"{head}: the R package survey is not installed"


@cache
def no_postgresql() -> str:
    """Why there is no database server, or nothing."""
    head = "PostgreSQL IS NOT TESTED"
    if importlib.util.find_spec("psycopg") is None:
        return f"{head}: the Python package psycopg is not installed"
    return "" if postgres.programs() else f"{head}: its server programs (initdb, pg_ctl) are not installed"


@cache
def no_psycopg() -> str:
    """Why nothing can be said to a server, or nothing."""
    found = importlib.util.find_spec("psycopg") is not None
    return "" if found else "PostgreSQL'S ERRORS ARE NOT TESTED: the Python package psycopg is not installed"


@cache
def no_libreoffice() -> str:
    """Why no spreadsheet program computes the formulas, or nothing."""
    return "" if LIBREOFFICE else "THE WORKBOOKS' FORMULAS ARE NOT RECALCULATED: LibreOffice is not installed"


@cache
def no_writer() -> str:
    """Why no word processor lays out the letters and nobody reads them off the page, or nothing."""
    head = "THE PAGES OF THE LETTERS ARE NOT CHECKED"
    program = Path(LIBREOFFICE).resolve().parent if LIBREOFFICE else None
    if program is None or not any(program.glob("*swlo.*")):
        return f"{head}: LibreOffice Writer is not installed"
    return "" if shutil.which("pdftotext") else f"{head}: pdftotext (poppler-utils) is not installed"
