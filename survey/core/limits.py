"""Every limit of the program, once: what is shown of few people, how much is taken in, kept and waited for.

Whoever needs one asks here when needed (``limits.TOTALS_BELOW``, never ``from … import``), so that a changed
number is followed at once; sentences name it as a placeholder, which ``words`` fills (``{totals_below}``).
What a user may set otherwise says so; the rest is set here, for everybody.  Levels that belong to a formula (95 %
confidence, tests at 5 %) stand with the formula, in ``analysis/statistics``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# ── SMALL GROUPS: what few respondents show (docs/results.md, “Small groups”)

#: respondents below which a group shows nothing but that it is held back
NOTHING_BELOW = 5
#: respondents below which a group shows totals only: no item, no distribution, no single answer, no interviewer
TOTALS_BELOW = 10
#: respondents of a community or street in a year below which no question splits it: whole rows of answers follow from
#: tables of one question by another (docs/privacy.md)
BESIDE_BELOW = 50
#: interviews below which an interviewer is compared with nobody (docs/methods.md, 13); nor below ``TOTALS_BELOW``
INTERVIEWS = 10


def least_interviews() -> int:
    """Interviews from which something is said of an interviewer: enough to compare, and enough to show."""
    return max(INTERVIEWS, TOTALS_BELOW)


#: those that results were held back by and rounded to before they said theirs (0.1.0); these never change
FIRST: dict[str, Any] = {"small_groups": [5, 10], "total_decimals": 2}


def small_groups() -> list[int]:
    """What a kept result was held back by: where this differs, it is computed again."""
    return [NOTHING_BELOW, TOTALS_BELOW]


# ── STAR WORDS: how sure a calculated star is (docs/results.md, “Score”)

#: chance of the star's band from which it is called 稳定 stable; also the chance that “sure of the next star” asks for
STABLE = 0.95
#: chance from which it is called 较稳定 fairly stable; 临界 borderline below
FAIRLY_STABLE = 0.80

# ── ROUNDING (docs/results.md, “Score”)

#: decimals of a total, rounded half up, as the thresholds of the stars are compared with it and as it is exported;
#: district and city give theirs with as many at most
TOTAL_DECIMALS = 2

# ── UPLOADS: what a page takes (docs/intake.md; docs/privacy.md, “What is shown of groups”)

#: bytes of one file of answers, on a page and on the command line alike; a request may hold a form around it
UPLOAD_BYTES = 50_000_000
FORM_AROUND_BYTES = 1_000_000
#: bytes of a form with a name and a few passwords
FORM_BYTES = 20_000
#: bytes of a workbook that people fill in by hand: tasks, steps of the cycle, a scheme
SMALL_UPLOAD_BYTES = 5_000_000
#: seconds that an upload waits between its preview and the decision
UPLOAD_WAITS = 2 * 3600.0

# ── REQUESTS: what the server takes of whoever reaches it, looked at before it is read (docs/install.md, “What the
# server takes”)

#: the slowest calls of pages that whoever keeps the accounts is shown
SLOW_PAGES = 10
#: seconds from which on the log of the server calls a request slow
SLOW_SECONDS = 2.0
#: files that are made for whoever takes one at one moment; the others wait their turn, so that pages do not
FILES_AT_ONCE = 2
#: bytes of an address, and of a request's first line and headers together
ADDRESS_BYTES = 8_000
HEAD_BYTES = 32_000
#: bytes of all requests that come in at one moment
ARRIVING_BYTES = 250_000_000
#: seconds in which the head of a request is there, and that a connection may stay open without one
HEAD_SECONDS = 10.0
IDLE_SECONDS = 60.0
#: bytes a second at least, of what comes and of what is fetched, once so many seconds are over
PACE_BYTES = 2_000
PACE_AFTER_SECONDS = 20.0
#: seconds in which what was refused unread may still come, so that the answer is seen
LINGER_SECONDS = 3.0
#: connections of everybody, and of one address; the one that has kept us waiting longest makes room for a new one
CONNECTIONS = 200
CONNECTIONS_OF_ADDRESS = 60
#: processes that answer behind one address, at most; each has these limits of its own
WORKERS = 32


def request_bytes() -> int:
    """Bytes of a request that brings files."""
    return UPLOAD_BYTES + FORM_AROUND_BYTES


def message_bytes() -> int:
    """Bytes of what a page tells the server: a small workbook may be in it, in base64."""
    return SMALL_UPLOAD_BYTES * 4 // 3 + FORM_AROUND_BYTES


# ── READING: what one file may hold and its reading process may take (docs/intake.md; any cap may be given to
# ``read_sheets`` as ``Limits``, which says what each is)

READING_MEMBERS = 2_000
READING_PART_BYTES = 300_000_000
READING_INFLATED_BYTES = 400_000_000
READING_RATIO = 200
READING_RATIO_FROM_BYTES = 20_000_000
READING_ROWS = 200_000
READING_COLUMNS = 2_000
READING_CELLS = 10_000_000
READING_AREA = 20_000_000
READING_MERGED = 10_000
READING_TEXT = 32_767
#: characters of a cell that a sentence quotes at most
CELL_SHOWN = 200
READING_SECONDS = 60
READING_MEMORY_BYTES = 2_000_000_000

#: rows from the top of a sheet in which its header is looked for; platforms whose layout is known look in fewer
HEADER_ROWS = 20

#: seconds that a pipe, terminal or device named as a file is waited for without a byte
INPUT_SECONDS = 30.0
#: bytes of a key file
KEY_FILE_BYTES = 100_000

#: the map of the communities (docs/files.md, “Map”): bytes, features, corners of all areas together, properties of a
#: feature that are looked at
MAP_BYTES = 10_000_000
MAP_FEATURES = 5_000
MAP_POINTS = 250_000
MAP_PROPERTIES = 30

# ── TYPING

#: characters of a note, reason or measure that people type, on a page or in a workbook
TYPED_TEXT = 500

# ── SAVED VIEWS (docs/pages.md)

#: views that one reader may keep, and characters of a view's name
VIEWS = 200
VIEW_NAME = 60

# ── ANSWERS IN WORDS (docs/results.md)

#: codes of one question, and characters of a code's name or keyword
WORD_CODES = 60
WORD_CODE_NAME = 40

# ── SIGNING IN (docs/deploy.md)

#: characters of a password: the fewest and the most; of an account's name the most
PASSWORD_LEAST = 10
PASSWORD_CHARACTERS = 200
NAME_CHARACTERS = 40
#: seconds after which a session ends: without a request, and at the latest
SESSION_IDLE_SECONDS = 3600.0
SESSION_SECONDS = 12 * 3600.0
#: days after its last change that a half-filled form is kept, and bytes of one
DRAFT_DAYS = 7
DRAFT_BYTES = 20_000
#: seconds in which a one-time token is used
TOKEN_SECONDS = 72 * 3600.0
#: tries to sign in within so many seconds, under one name and from one address
ATTEMPTS_SECONDS = 900.0
ATTEMPTS_OF_ACCOUNT = 10
ATTEMPTS_OF_ADDRESS = 30

# ── PROGRAMS that read by the API (docs/api.md)

#: rows of a page that are asked for without a word, at most, and of a whole table as CSV
API_ROWS = 200
API_MOST_ROWS = 1_000
API_CSV_ROWS = 100_000
#: characters of a parameter
API_TEXT = 400
#: requests of one program or person within so many seconds
API_REQUESTS = 600
API_SECONDS = 60.0
#: days that a program's token counts unless it is said otherwise, and at most
PROGRAM_DAYS = 365
PROGRAM_DAYS_MOST = 1_095
#: seconds between two notes of when a token was used last, and within which its uses of an address are one line of the record
PROGRAM_SEEN_SECONDS = 60.0
PROGRAM_LINE_SECONDS = 3600.0

# ── RETENTION (docs/privacy.md, “Contacts”)

#: days that contacts and original files stay after their year was closed, unless the store's setting ``contact_days`` says
CONTACT_DAYS = 90
#: days without a line in the log after which the clock of a machine is doubted before anything is deleted for good
CLOCK_JUMP_DAYS = 45
#: days after which a server that runs on without any work leaves a line in the log, so that its clock stays believed
CLOCK_SEEN_DAYS = 20

# ── KEPT IN MEMORY by the server

#: rendered pages
KEPT_PAGES = 64
#: seconds for which whoever only reads may be shown a page that was as it stood, while the new one is made
PAGE_BEFORE_SECONDS = 600.0
#: seconds for which whoever only reads may be given the results before the answers that just came in, while those are counted
RESULTS_BEFORE_SECONDS = 60.0
#: parsed years
KEPT_YEARS = 16
#: uploads whose files stay as they were read
KEPT_UPLOADS = 16
#: jobs that have ended and can still be asked about
KEPT_JOBS = 200
#: from so many communities the papers of all are made beside the request; days that an archive of them is kept
MANY_PAPERS, PAPERS_DAYS = 60, 7


def words() -> Mapping[str, str]:
    """Placeholder → the number as a sentence gives it; ``lang.say`` fills what its caller does not."""
    return {
        "nothing_below": str(NOTHING_BELOW),
        "totals_below": str(TOTALS_BELOW),
        "beside_below": str(BESIDE_BELOW),
        "stable": f"{100 * STABLE:g}",
        "fairly_stable": f"{100 * FAIRLY_STABLE:g}",
        "total_decimals": str(TOTAL_DECIMALS),
        "upload_mb": f"{UPLOAD_BYTES / 1_000_000:g}",
        "map_mb": f"{MAP_BYTES / 1_000_000:g}",
        "small_mb": f"{SMALL_UPLOAD_BYTES / 1_000_000:g}",
        "address_kb": f"{ADDRESS_BYTES / 1_000:g}",
        "upload_hours": f"{UPLOAD_WAITS / 3600:g}",
        "contact_days": str(CONTACT_DAYS),
        "least_interviews": str(least_interviews()),
        "totals_to": str(TOTALS_BELOW - 1),
        "views": str(VIEWS),
        "word_codes": str(WORD_CODES),
        "word_code_name": str(WORD_CODE_NAME),
        "view_name": str(VIEW_NAME),
        "password_least": str(PASSWORD_LEAST),
        "password_most": str(PASSWORD_CHARACTERS),
        "name_most": str(NAME_CHARACTERS),
        "files_at_once": str(FILES_AT_ONCE),
        "session_idle_minutes": f"{SESSION_IDLE_SECONDS / 60:g}",
        "draft_days": str(DRAFT_DAYS),
        "session_hours": f"{SESSION_SECONDS / 3600:g}",
        "token_hours": f"{TOKEN_SECONDS / 3600:g}",
        "tries_of_name": str(ATTEMPTS_OF_ACCOUNT),
        "tries_of_address": str(ATTEMPTS_OF_ADDRESS),
        "program_days": str(PROGRAM_DAYS),
        "program_days_most": str(PROGRAM_DAYS_MOST),
        "api_rows": str(API_ROWS),
        "api_most_rows": str(API_MOST_ROWS),
        "api_csv_rows": f"{API_CSV_ROWS:,}",
        "api_requests": str(API_REQUESTS),
        "api_seconds": f"{API_SECONDS:g}",
        "attempts_minutes": f"{ATTEMPTS_SECONDS / 60:g}",
    }
