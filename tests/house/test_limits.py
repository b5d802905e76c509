"""The numbers of ``survey/core/limits.py`` stand nowhere else: documents say the same, and no module keeps its own."""

import ast
import re
from pathlib import Path

import pytest

from survey.core import limits
from tests.tools.sources import parsed

ROOT = Path(__file__).resolve().parents[2]
#: document, a sentence of it with the numbers left out, the limits that stand there
SAID = (
    (
        "results.md",
        r"A group under (\d+) respondents shows nothing but its note, (\d+)–(\d+) its total only, from (\d+) its",
        "nothing_below nothing_below totals_to totals_below",
    ),
    (
        "privacy.md",
        r"A group of fewer than (\d+) respondents .{0,60} a note; (\d+)–(\d+) show totals",
        "nothing_below nothing_below totals_to",
    ),
    ("privacy.md", r"no distribution; from (\d+) the\s+distribution", "totals_below"),
    (
        "privacy.md",
        r"Communities with fewer than (\d+) scored responses, or with an item that fewer than (\d+) answered",
        "totals_below totals_below",
    ),
    (
        "methods.md",
        r"Under (\d+) respondents nothing, (\d+)–(\d+) totals only, from (\d+) everything",
        "nothing_below nothing_below totals_to totals_below",
    ),
    (
        "methods.md",
        r"under (\d+) scored responses a community and year .{0,60} from (\d+) to (\d+) its total",
        "nothing_below nothing_below totals_to",
    ),
    (
        "methods.md",
        r"under (\d+) one row with the note, from (\d+) to (\d+) the mean",
        "nothing_below nothing_below totals_to",
    ),
    ("methods.md", r"Under (\d+) interviews, and what would let", "least_interviews"),
    (
        "methods.md",
        r"Communities with fewer than (\d+) scored responses, or an item that fewer than (\d+) answered",
        "totals_below totals_below",
    ),
    ("results.md", r"rounded half up to (\d+) decimals", "total_decimals"),
    (
        "results.md",
        r"抽样上稳定 stable as to sampling from (\d+) %, 抽样上较稳定 fairly stable from\s(\d+) %",
        "stable fairly_stable",
    ),
    ("privacy.md", r"waits in such a folder for (\d+) hours at most", "upload_hours"),
    ("privacy.md", r"files of a year, (\d+) days after it was closed", "contact_days"),
    ("intake.md", r"An upload may have (\d+) MB", "upload_mb"),
    ("cli.md", r"Items of communities with fewer than (\d+) respondents are left out", "totals_below"),
    ("cli.md", r"Where fewer than (\d+) responses go or stay", "nothing_below"),
    ("deploy.md", r"has at least (\d+) characters", "password_least"),
    ("deploy.md", r"ends (\d+) minutes after .{0,20} and (\d+) hours after it", "session_idle_minutes session_hours"),
    (
        "deploy.md",
        r"After (\d+) wrong tries under one name, or (\d+) from one address, within (\d+) minutes",
        "tries_of_name tries_of_address attempts_minutes",
    ),
    ("deploy.md", r"token holds for (\d+) hours", "token_hours"),
    ("install.md", r"files made for readers at one moment \| (\d+) \| `FILES_AT_ONCE`", "files_at_once"),
    ("tasks.md", r"not reported yet, or fewer than (\d+) people asked", "totals_below"),
)


@pytest.mark.parametrize(("document", "sentence", "names"), SAID)
def test_documents_say_the_limits_there_are(document, sentence, names):
    found = re.search(sentence, (ROOT / "docs" / document).read_text(encoding="utf-8"), re.S)
    assert found is not None, "the sentence is worded otherwise now: word it here, too"
    words = limits.words()
    assert list(found.groups()) == [words[name] for name in names.split()]


def test_what_a_file_may_hold_is_said_as_it_is():
    text = (ROOT / "docs" / "intake.md").read_text(encoding="utf-8")
    rows, columns, cells = limits.READING_ROWS, limits.READING_COLUMNS, limits.READING_CELLS // 1_000_000
    assert f"{rows:,} rows, {columns:,} columns and {cells} million cells" in " ".join(text.split())


#: names that sound like a limit → why each stands where it is used
ELSEWHERE = {
    "a page or command shows so many lines and says how many more there are": {
        "analysis/quality/coverage.py:MOST_NAMED",
        "analysis/quality/sensitivity/tables.py:MOST_NAMED",
        "dashboard/pages/bank/page.py:_MOST_CHOICES",
        "dashboard/pages/basics/page.py:_MOST_CHANGES",
        "dashboard/pages/basics/remembered.py:_MOST",
        "dashboard/pages/community/service.py:MOST_LOSSES",
        "dashboard/pages/compare/pairs_service.py:MOST",
        "dashboard/pages/compare/service.py:MOST",
        "dashboard/pages/drafting/page.py:MOST_ROWS",
        "dashboard/pages/entry/service.py:MOST",
        "dashboard/pages/imports/service/decisions.py:MOST_LINES",
        "dashboard/pages/imports/view/checked_files.py:MOST_NAMES",
        "dashboard/pages/imports/view/held_columns.py:MOST_CHOICES",
        "dashboard/pages/imports/view/import_history.py:MOST_ALIKE_SHOWN",
        "dashboard/pages/imports/view/upload.py:MOST_UNDER_WAY",
        "dashboard/pages/quality/fieldwork.py:MOST",
        "dashboard/pages/quality/small_areas.py:MOST",
        "dashboard/pages/quality/weights.py:MOST",
        "dashboard/pages/scheme/upload.py:MOST",
        "dashboard/pages/scheme/versions.py:MOST",
        "dashboard/pages/tasks/tables.py:MOST",
        "survey/decisions/finding_list.py:MOST_ROWS",
        "analysis/exports/breakdown.py:MAX_CHOICE_COLUMNS",
        "dashboard/pages/imports/service/decisions.py:MOST_TEXT",
    },
    "a rule of thumb of recognition, of no meaning elsewhere": {
        "survey/files/layouts/hand_made_sheet.py:SMALL",
        "survey/files/layouts/header_rows.py:MOST_ROWS",
        "survey/files/readers/delimited.py:MOST_RAGGED",
        "survey/matching/code_legends.py:LONGEST",
        "survey/matching/questionnaire_fit.py:LONGEST_HEADER",
        "survey/matching/shapes/place_columns.py:LONGEST_NAME",
        "survey/matching/sheet_kinds.py:MOST_HEADERS",
        "survey/people/moved.py:MOST_GONE",
    },
    "a format of others sets it (Excel, SPSS, XLSForm, a database)": {
        "survey/answers/values.py:LONGEST_TEXT",
        "survey/coding/role_columns.py:LONGEST_KEY",
        "survey/files/preflight/sav.py:_LONGEST_LABEL",
        "survey/form/workbook/checking.py:_LONGEST_NAME",
        "survey/coding/role_columns.py:LARGEST",
        "analysis/cycle/vetoes.py:LONGEST",
    },
    "what one algorithm can afford": {
        "survey/decisions/annotated_copy.py:MOST",
        "survey/decisions/annotated_copy.py:MOST_BYTES",
        "survey/fieldwork/plan_file.py:MOST",
        "survey/form/expression.py:LONGEST",
        "survey/form/model.py:MAX_STEPS",
        "analysis/scheme/clauses/phrases.py:_LONGEST",
        "survey/drafting/column_answers.py:_MOST_CHOICES",
        "survey/files/layouts/sample_rows.py:MOST_EXAMPLES",
        "survey/drafting/column_answers.py:_LARGEST_CODE",
        "analysis/statistics/importance.py:MOST_PREDICTORS",
        "dashboard/pages/imports/service/file_lines.py:MOST_DECISIONS",
        "dashboard/data/uploads.py:MOST_FILES",
        "dashboard/pages/quality/plain.py:MOST",
    },
    "half of the last decimal that points are shown with": {"analysis/improvement/lost_points.py:SMALLEST"},
}
_LIMIT = re.compile(r"(?:^|_)(SMALL|SMALLEST|LIMIT|LIMITS|MAX|MOST|LARGEST|LONGEST|KEPT|EXPIRES|TIMEOUT)(?:_|$)")


def constants():
    """Module-level names with a number for value, as ``path:NAME``."""
    for package in ("survey", "analysis", "dashboard"):
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in parsed(path).body:
                targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
                for target in targets:
                    if isinstance(target, ast.Name) and number(getattr(node, "value", None)):
                        yield path.relative_to(ROOT).as_posix(), target.id


def number(node):
    """Whether an expression is made of numbers alone."""
    if node is None or not any(isinstance(n, ast.Constant) for n in ast.walk(node)):
        return False
    return all(
        isinstance(n, (ast.BinOp, ast.UnaryOp, ast.operator, ast.unaryop))
        or (isinstance(n, ast.Constant) and isinstance(n.value, (int, float)))
        for n in ast.walk(node)
    )


def test_no_module_keeps_a_limit_of_its_own():
    found = {f"{path}:{name}" for path, name in constants() if _LIMIT.search(name) and path != "survey/core/limits.py"}
    assert found == set().union(*ELSEWHERE.values())


def test_limits_are_read_when_they_are_needed():
    """``from survey.core.limits import X`` would hold on to the number of the moment."""
    program = [p for package in ("survey", "analysis", "dashboard") for p in (ROOT / package).rglob("*.py")]
    assert len(program) > 300
    signature = re.compile(r"^\s*(?:def .*)?\w+: [^=]+ = limits\.[A-Z]")
    wrong = [
        f"{path.relative_to(ROOT)}:{n}"
        for path in program
        for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if "from survey.core.limits import" in line or signature.search(line)
    ]
    assert wrong == []
