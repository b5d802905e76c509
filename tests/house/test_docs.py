"""docs/cli.md and the commands say the same: each command, argument and option, and nothing else."""

import ast
import re
import struct
from functools import cache
from pathlib import Path

import pytest

import xingfu
from dashboard.pages import PAGES
from survey.core.lang import LANGUAGES, say

ROOT = Path(__file__).resolve().parents[2]
#: take effect everywhere, described once at the top
EVERYWHERE = {"--store", "--lang", "--json", "--help"}


def commands() -> dict[str, object]:
    """``xingfu communities add`` → the command, groups left out."""
    found, waiting = {}, [("xingfu", xingfu.command_tree())]
    while waiting:
        path, command = waiting.pop()
        children = getattr(command, "commands", None)
        if children is None:
            found[path] = command.loaded()
        else:
            waiting += [(f"{path} {name}", child) for name, child in children.items()]
            if getattr(command, "alone", None) is not None:
                found[path] = command.alone.loaded()
    return found


def sections() -> dict[str, str]:
    """Heading ``xingfu communities add`` → the text below it."""
    parts = re.split(r"^### `(xingfu [a-z -]+)`$", (ROOT / "docs" / "cli.md").read_text(encoding="utf-8"), flags=re.M)
    return dict(zip(parts[1::2], (re.split(r"^## ", text, flags=re.M)[0] for text in parts[2::2]), strict=True))


COMMANDS, SECTIONS = commands(), sections()


def test_every_command_is_documented_and_every_documented_command_exists():
    assert COMMANDS.keys() == SECTIONS.keys()


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_option_is_documented_and_every_documented_option_exists(name):
    taken = {opt for p in COMMANDS[name].params for opt in (*p.opts, *p.secondary_opts) if opt.startswith("--")}
    text = SECTIONS.get(name, "")
    usage = next((line for line in text.split("\n\n") if line.strip().startswith("xingfu")), "")
    listed = set(re.findall(r"^- ((?:`--[a-z-]+`(?:, )?)+)", text, flags=re.M))
    assert {opt for line in listed for opt in re.findall(r"--[a-z-]+", line)} == taken - EVERYWHERE
    assert set(re.findall(r"--[a-z-]+", usage)) == taken - EVERYWHERE
    assert set(re.findall(r"--[a-z][a-z-]+", text)) <= taken | EVERYWHERE


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_usage_lines_name_the_arguments(name):
    usage = next(line.strip() for line in SECTIONS[name].splitlines() if line.startswith("    xingfu"))
    metavars = [p.metavar.strip("[]") for p in COMMANDS[name].params if p.param_type_name == "argument"]
    assert all(metavar in usage for metavar in metavars)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_and_parameter_has_help_in_both_languages(name, lang):
    command = COMMANDS[name]
    keys = [command.help, *(p.help for p in command.params if "--help" not in p.opts)]
    assert all(keys), f"{name} lacks a help text"
    assert all(say(lang, key).strip() for key in keys)


def test_options_of_the_program_itself_are_documented():
    text = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8").split("\n## ")[0]
    own = {opt for parameter in xingfu.command_tree().params for opt in parameter.opts}
    assert set(re.findall(r"^\| `(--[a-z]+)` \|", text, flags=re.M)) == own | {"--help"} == EVERYWHERE | {"--version"}


def test_exit_statuses_are_all_there():
    text = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| (\d) \|", text, flags=re.M) == list("012345")


def test_every_result_column_of_the_score_is_named():
    from analysis.scoring.results import SCORE_COLUMNS

    text = SECTIONS["xingfu score"]
    written = set(re.findall(r"[a-z_0-9]+", text)) | {f"star_p{k}" for k in range(6)}
    assert set(SCORE_COLUMNS.names) <= written


def rows(document: str, title: str) -> dict[str, str]:
    """First cell of each table row below a heading → the rest of the row."""
    text = (ROOT / "docs" / document).read_text(encoding="utf-8")
    part = re.split(rf"^#+ {re.escape(title)}$", text, flags=re.M)[1]
    part = re.split(r"^## ", part, flags=re.M)[0]
    return dict(re.findall(r"^\| (.+?) \| (.*) \|$", part, flags=re.M))


def codes(text: str, pattern: str = r"`([a-z][a-z_0-9, ]*)`") -> set[str]:
    """Names in code marks; one pair of marks may hold several."""
    return {word for group in re.findall(pattern, text) for word in re.split(r"[, ]+", group) if word}


def test_every_column_of_the_score_has_a_meaning():
    from analysis.scoring.results import FRAMES

    told = codes(" ".join(rows("results.md", "Score"))) | {f"star_p{k}" for k in range(6)}
    assert told >= {*FRAMES["scores"].names}


def test_every_column_of_estimate_has_a_meaning():
    from analysis.tables.estimates import MEASURES, REST

    assert codes(" ".join(rows("results.md", "Estimate"))) == {"item", "choice", *MEASURES, *REST, "note"}


def test_every_note_is_told():
    from survey.core.lang import catalogue

    notes = {key.removeprefix("notes.") for key in catalogue("en") if key.startswith("notes.")}
    assert len(notes) > 40
    assert codes(" ".join(rows("results.md", "Notes"))) == notes


def required(cells: str) -> set[str]:
    return codes(cells, r"\*\*`([a-z_ ]+)[^`]*`\*\*")


def test_every_column_of_the_register_is_told():
    from survey.fieldwork.register_workbook.register_columns import COMMUNITIES, POPULATION

    told = rows("files.md", "Register")
    assert codes(" ".join(told)) == {c.key for c in (*COMMUNITIES, *POPULATION)}
    assert required(" ".join(told)) == {c.key for c in (*COMMUNITIES, *POPULATION) if c.required}
    written = " ".join((*told, *told.values()))
    assert [h for c in (*COMMUNITIES, *POPULATION) for h in c.headers if not h.isascii() and h not in written] == []


def test_every_sheet_and_column_of_the_scheme_is_told():
    from analysis.scheme.workbook.layout import DRAFTED, LIVE, TABLES

    told = rows("files.md", "Scheme")
    assert {first.strip("*`") for first in told} - {"sheet"} == {table.title for table in TABLES.values()}
    for table in TABLES.values():
        cells = told.get(f"**`{table.title}`**") if table.required else told.get(f"`{table.title}`")
        assert cells is not None, table.title
        assert {c.key for c in table.columns} - {*LIVE, *DRAFTED} <= codes(cells), table.title
        assert required(cells) == {c.key for c in table.columns if c.required}, table.title


def test_every_column_of_the_other_workbooks_is_told():
    from analysis.cycle import workbooks
    from analysis.improvement import task_sheet
    from analysis.indicators.columns import COLUMNS
    from survey.decisions import decision_file
    from survey.fieldwork import plan_file

    text = (ROOT / "docs" / "files.md").read_text(encoding="utf-8")
    for title, columns in (
        ("Indicator values", COLUMNS),
        ("Responses wanted", plan_file.COLUMNS),
        ("Steps of the year", tuple(c for kind in workbooks.COLUMNS.values() for c in kind)),
        ("Task list", task_sheet.COLUMNS),
        ("Decisions", decision_file.COLUMNS),
    ):
        part = re.split(r"^## ", text.split(f"\n## {title}\n")[1], flags=re.M)[0].replace("\n", " ")
        told = codes(part, r"`([^`]+)`")
        assert {c.key for c in columns} <= told, title


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_commands_in_the_readmes_exist(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    used = re.findall(r"^\s*(?:\$ )?(xingfu [^\n]*)", text, flags=re.M)
    assert used
    for line in used:
        words = line.replace("\\", " ").split()
        assert any(" ".join(words[:size]) in COMMANDS for size in (2, 3)), line


# ── docs/clauses.md: the founding document, clause by clause

#: the clauses of the founding document, as its headings count them
CLAUSES = (
    *("一 ", "二（一）", "二（二）", "二（三）试点先行", "二（三）分类指导", "二（三）以人为本"),
    *("三（一）", "三（二）", "三（三）", "三（四）", "三（五）"),
    *("四（一）", "四（二）测评标准：客观", "四（二）测评标准：主观", "四（三）", "四（四）", "四（五）评选程序"),
    *("四（五）复评", "四（五）一至三星", "四（五）四、五星", "四（六）表彰奖励：金额", "四（六）表彰奖励：经费"),
    *("五（一）", "五（二）", "五（三）", "五（四）", "附件 1", "附件 2", "附件 3"),
)


def clauses() -> list[list[str]]:
    """The rows of the table: clause, what it says, commands, pages, documents."""
    lines = (ROOT / "docs" / "clauses.md").read_text(encoding="utf-8").splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")][2:]


def test_every_clause_of_the_founding_document_has_its_row():
    told = [row[0] + " " for row in clauses()]
    assert len(told) == len(CLAUSES)
    assert [clause for clause, row in zip(CLAUSES, told, strict=True) if not row.startswith(clause)] == []


def test_every_clause_but_the_reasons_names_a_command_a_page_and_a_document():
    empty = [row[0] for row in clauses() if "—" in row[2:]]
    assert empty == ["一 重要意义"]


@pytest.mark.parametrize("row", clauses(), ids=lambda row: row[0])
def test_the_commands_options_and_pages_of_a_clause_exist(row):
    pages = {path.partition("/<")[0] for page in PAGES for path in page.paths}
    assert set(re.findall(r"`(/[^`]*)`", row[3])) <= pages
    for words in re.findall(r"`(xingfu [^`]*)`", row[2]):
        name, *options = re.split(r" (?=--)", words)
        assert name in COMMANDS
        assert set(options) <= {opt for p in COMMANDS[name].params for opt in p.opts}


# ── docs/pages.md: each command and its page


def pages_table() -> dict[str, str]:
    """Command → the second cell of its row."""
    rows = re.findall(r"^\| `(xingfu [a-z -]+)` \| ([^|]+) \| ([^|]+) \|$", PAGES_TEXT, flags=re.M)
    assert len({command for command, _, _ in rows}) == len(rows)
    return {command: where.strip() for command, where, _ in rows}


PAGES_TEXT = (ROOT / "docs" / "pages.md").read_text(encoding="utf-8")


def test_every_command_has_its_page_or_says_that_it_stays_for_the_terminal():
    table = pages_table()
    assert sorted(COMMANDS.keys() - table.keys()) == []
    assert sorted(command for command in table.keys() - COMMANDS.keys()) == []
    paths = {page.paths[0] for page in PAGES if page.paths}
    wrong = {
        command: where for command, where in table.items() if where != "terminal" and where.strip("`") not in paths
    }
    assert wrong == {}
    assert sum(where != "terminal" for where in table.values()) > 0.6 * len(table)


def test_the_way_from_an_empty_store_to_a_score_needs_no_terminal():
    table = pages_table()
    way = (
        "communities add",
        "questionnaire add",
        "scheme add",
        "import",
        "indicators template",
        "indicators import",
        "score",
    )
    assert [command for command in way if table[f"xingfu {command}"] == "terminal"] == []


#: functions of ``analysis/statistics`` that lay out, order or word, and for which there is nothing to call in R
NO_STATISTIC = {
    *("sum_by", "base_of", "known_error", "change_words", "join_notes", "note_text", "crossing", "solve", "merged"),
    *("surely_above", "groups_of", "tiers_of", "errors_of", "replicate_samples", "order_within", "lay_within"),
    *("unlike", "linear", "rows_of", "products"),
}


def test_every_statistic_says_its_call_in_r():
    """Whoever knows R finds each public function by the call that gives the same."""
    places = sorted((ROOT / "analysis" / "statistics").rglob("*.py"))
    bodies = [node for path in places for node in ast.parse(path.read_text(encoding="utf-8")).body]
    public = [n for n in bodies if isinstance(n, ast.FunctionDef) and not n.name.startswith("_")]
    assert len(public) > 60
    silent = {n.name for n in public if not re.search(r"\bR\b[^`]{0,80}``[^`]", ast.get_docstring(n) or "")}
    assert silent == NO_STATISTIC


# ── docs/zh: what the help page shows

MANUAL = sorted((ROOT / "docs" / "zh").glob("*.md"))
each_document = pytest.mark.parametrize("path", MANUAL, ids=lambda path: path.name)


@cache
def words_of_the_product() -> tuple[frozenset[str], str]:
    """What pages, papers and workbooks say in Chinese: whole texts, and a pattern of those with numbers or names in them."""
    from analysis.cycle import workbooks
    from analysis.indicators.columns import COLUMNS
    from analysis.scheme.workbook.layout import TABLES
    from survey.core.lang import catalogue
    from survey.fieldwork.register_workbook.register_columns import COMMUNITIES, POPULATION

    columns = (*COMMUNITIES, *POPULATION, *COLUMNS, *(c for kind in workbooks.COLUMNS.values() for c in kind))
    columns = (*columns, *(c for table in TABLES.values() for c in table.columns))
    said = {*catalogue("zh").values(), *(header for c in columns for header in c.headers)}
    open_ended = [re.sub(r"\\{.*?\\}", ".+", re.escape(text)) for text in said if "{" in text]
    return frozenset(said), "|".join(open_ended)


@each_document
def test_pages_commands_and_options_that_a_chinese_document_names_exist(path):
    """They stand in code marks; links are held by tests/house/test_links.py."""
    codes = re.findall(r"`([^`\n]+)`", path.read_text(encoding="utf-8"))
    known = {one for page in PAGES for one in page.paths}
    assert {one for one in codes if one.startswith("/") and one not in known} == set()
    for words in (one for one in codes if one.startswith("xingfu ")):
        name = next(" ".join(words.split()[:size]) for size in (4, 3, 2) if " ".join(words.split()[:size]) in COMMANDS)
        taken = {opt for p in COMMANDS[name].params for opt in p.opts} | EVERYWHERE
        assert set(re.findall(r"--[a-z-]+", words)) <= taken, words


@each_document
def test_words_that_a_chinese_document_quotes_stand_on_the_page_or_in_a_workbook(path):
    whole, open_ended = words_of_the_product()
    quoted = re.findall(r"「([^」]+)」", path.read_text(encoding="utf-8"))
    assert {one for one in quoted if one not in whole and not re.fullmatch(open_ended, one)} == set()


@each_document
def test_a_chinese_document_is_one_title_short_and_shown_in_help(path):
    from dashboard.parts.manual import DOCUMENTS

    text = path.read_text(encoding="utf-8")
    assert path.stem in DOCUMENTS
    assert len(re.findall(r"^# ", text, flags=re.M)) == 1
    assert text.startswith("# ")
    assert len(text.splitlines()) <= 160
    assert [name for name in DOCUMENTS[path.stem] if not (ROOT / "docs" / f"{name}.md").is_file()] == []


@each_document
def test_the_pictures_of_a_chinese_document_are_there_and_say_what_they_show(path):
    for told, file in re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", path.read_text(encoding="utf-8")):
        assert told
        assert re.fullmatch(r"pictures/[a-z-]+\.png", file)
        assert (path.parent / file).is_file()


def test_the_pictures_are_those_that_the_script_takes_and_small():
    from tests.dashboard.pictures import FOLDER, PICTURES, SCREEN

    files = sorted(FOLDER.glob("*.png"))
    shown = {file for path in MANUAL for file in re.findall(r"pictures/([a-z-]+)[.]png", path.read_text("utf-8"))}
    assert {path.stem for path in files} == shown == set(PICTURES)
    assert sum(path.stat().st_size for path in files) < 1_500_000
    heads = {struct.unpack(">IIBB", path.read_bytes()[16:26]) for path in files}
    assert heads == {(SCREEN["width"], SCREEN["height"], 8, 3)}  # eight bits a pixel, with a palette
