"""The questionnaire and register that the acceptance list is imported with: five levels, 5 the best."""

from __future__ import annotations

from survey.coding.options import ImportOptions
from survey.form.model import Choice, Question, Questionnaire
from survey.store import Store
from survey.store.intake import questionnaires
from survey.store.year import register

LEVELS = ("非常不满意", "不满意", "一般", "满意", "非常满意")
CHOICES = (
    *(Choice(str(i), {"zh": word, "en": f"level {i}"}, level=6 - i) for i, word in enumerate(LEVELS, 1)),
    Choice("refused", {"zh": "拒答", "en": "refused"}, missing="refused"),
)
ITEMS = tuple(
    Question(f"Q{i}", "select_one", {"zh": f"第{i}项服务", "en": f"service {i}"}, "level", CHOICES, dimension="service")
    for i in range(1, 6)
)
OTHERS = (
    Question("place", "text", {"zh": "社区", "en": "community"}, role="community"),
    Question("phone", "text", {"zh": "电话", "en": "telephone"}, role="phone"),
    *ITEMS,
    Question("homes", "decimal", {"zh": "户数", "en": "homes"}),
    Question("day", "date", {"zh": "日期", "en": "date"}),
    Question("note", "text", {"zh": "意见", "en": "remark"}),
)
NUMBERED = Questionnaire(
    rows=(Question("id", "text", {"zh": "编号", "en": "number"}, role="respondent"), *OTHERS),
    title="验收",
    lists={"level": CHOICES},
)
ANONYMOUS = Questionnaire(rows=OTHERS, title="验收（不编号）", lists={"level": CHOICES})
COMMUNITIES = ("一社区", "二社区", "甲街道社区")
#: cases whose sheet has a column of communities
PLACED = {"c01", "c02", "c06", "c09", "c15"}


def prepare(store: Store) -> None:
    """Register and both questionnaires into an empty store."""
    with store.write() as conn:
        register.save(conn, [register.Community(str(i), name) for i, name in enumerate(COMMUNITIES, 1)])
        questionnaires.add(conn, "numbered", NUMBERED)
        questionnaires.add(conn, "anonymous", ANONYMOUS)


def options(case: str) -> ImportOptions:
    """What is said beside the file of a case."""
    numbered = case[0] == "c" or case in ("b02", "b03", "b04", "b05", "b06", "b15", "b16")
    return ImportOptions(
        "numbered" if numbered else "anonymous", year=2013, community=None if case in PLACED else "一社区"
    )
