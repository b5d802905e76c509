"""A draft, adopted as it is, takes its own file in with every count equal; what is guessed is asked."""

from __future__ import annotations

import random
from collections import Counter
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from survey.coding.options import ImportOptions
from survey.core.errors import Refused
from survey.core.lang import LANGUAGES
from survey.drafting.questionnaire import Draft, annotated, draft
from survey.form.model import Choice, Question, Questionnaire
from survey.form.workbook.reading import read_questionnaire
from survey.form.workbook.writing import write_questionnaire
from survey.intake.answers import commit, inspect
from survey.store import Store
from survey.store.intake import questionnaires, responses
from survey.store.year import register
from tests.tools.rounds.round_forms import Round, read_back
from tests.tools.rounds.round_writers import WRITERS

SCALE = ("很满意", "满意", "一般", "不满意", "很不满意")
WISHES = ("修路", "多种树", "路灯不亮了", "3号楼漏水", "少停车")


def choices(words: tuple[str, ...], *, levels: bool = False) -> tuple[Choice, ...]:
    return tuple(Choice(str(i), {"zh": w}, level=i if levels else None) for i, w in enumerate(words, 1))


def town() -> Round:
    """Forty people, seven questions of every kind; the same each time."""
    lists = {
        "sat": choices(SCALE, levels=True),
        "work": choices(("离退休", "企业职工", "个体经营", "学生")),
        "place": choices(("公园", "广场", "文化站", "其他")),
    }
    asked = (
        Question("q1", "select_one", {"zh": "到社区办事的方便程度"}, "sat", lists["sat"]),
        Question("q2", "select_one", {"zh": "楼道的清洁卫生"}, "sat", lists["sat"]),
        Question("q3", "select_one", {"zh": "您现在做什么"}, "work", lists["work"]),
        Question("q4", "select_multiple", {"zh": "您去过哪些地方"}, "place", lists["place"]),
        Question("q5", "integer", {"zh": "家里几口人一起住"}),
        Question("q6", "text", {"zh": "最希望改进的一件事"}),
    )
    drawn = random.Random(5)
    rows = []
    for i in range(40):
        more = i % 3
        rows.append(
            {
                "q1": i if i < 5 else drawn.choices(range(5), [9, 12, 6, 3, 1])[0],
                "q2": None if i % 11 == 7 else (i if i < 5 else drawn.choices(range(5), [9, 12, 6, 3, 1])[0]),
                "q3": i % 4,
                "q4": tuple(sorted(drawn.sample(range(4), 1 + more))),
                "q5": drawn.randint(1, 6),
                "q6": f"{drawn.choice(WISHES)}{i}" if more else None,
            }
        )
    who = Question("id", "text", {"zh": "编号"}, role="respondent")
    return Round(Questionnaire(rows=(who, *asked), title="往返", lists=lists), tuple(rows))


TOWN = town()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Any:
    store = Store.open(tmp_path_factory.mktemp("drafts") / "store.db", create=True)
    with store.write() as conn:
        register.save(conn, [register.Community("1", "一社区")])
    yield store
    store.close()


def adopted(found: Draft) -> Questionnaire:
    """The draft's workbook, read back as it stands."""
    form, findings = read_questionnaire("draft.xlsx", write_questionnaire(annotated(found, "zh")))
    assert form is not None, [f.word("zh") for f in findings]
    return form


def stored(store: Store, form: Questionnaire, name: str, file: str, data: bytes, **said: Any) -> Any:
    with store.write() as conn:
        questionnaires.add(conn, name, form)
    found = inspect(store, file, data, ImportOptions(name, year=2014, community="一社区", **said))
    assert [f.word("zh") for f in found.findings if f.level != "note"] == []
    commit(store, found)
    with store.read() as conn:
        return responses.load(conn, questionnaires.get(conn, name))


def values(block: Any, form: Questionnaire, question: Question) -> list[Any]:
    """Answers as the store holds them; a bounded whole number by its code."""
    if question.coding == "step":
        codes = block.codes[:, form.position[question.name]].tolist()
        return [code if code >= 0 else None for code in codes]
    return [None if v is None or v != v else v for v in read_back(block, form, question)]


@pytest.mark.parametrize("writer", WRITERS)
def test_a_draft_adopted_as_it_is_takes_its_own_file_in(home: Store, writer: str) -> None:
    file, data, said = WRITERS[writer](TOWN)
    said.pop("mapping", None)
    form = adopted(draft(file, data))
    block = stored(home, form, f"draft {writer}", file, data, **said)
    assert len(block) == len(TOWN.rows)
    drafted = [q for q in form.questions if not q.role]
    assert len(drafted) == len(TOWN.asked)
    for question, was in zip(drafted, TOWN.asked, strict=True):
        wanted = Counter(row[was.name] for row in TOWN.rows)
        found = Counter(values(block, form, question))
        assert found[None] == wanted[None], question.label("zh")
        assert sorted(found.values()) == sorted(wanted.values()), question.label("zh")
        if was.type == "select_multiple":
            assert question.type == "select_multiple"


def sheet(*rows: tuple[Any, ...], merged: tuple[str, ...] = ()) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    for span in merged:
        book.active.merge_cells(span)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def people(n: int, *make: Any) -> list[tuple[Any, ...]]:
    return [tuple(m(i) if callable(m) else m for m in make) for i in range(n)]


def of(found: Draft, label: str) -> Any:
    (row,) = [d for d in found.rows if d.question.label("zh") == label]
    return row


def satisfied(i: int) -> str:
    return SCALE[i * 7 % 5]


def test_a_scale_is_ordered_and_the_order_is_asked() -> None:
    found = of(draft("a.xlsx", sheet(("编号", "环境卫生"), *people(30, lambda i: i, satisfied))), "环境卫生")
    assert [(c.label("zh"), c.level) for c in found.question.choices] == list(zip(SCALE, range(1, 6), strict=True))
    assert all("1" in found.question_of(lang) for lang in LANGUAGES)


def test_a_word_that_is_none_of_the_scale_is_named_and_no_choice() -> None:
    rows = people(60, lambda i: i, lambda i: "满" if i == 7 else satisfied(i))
    found = of(draft("a.xlsx", sheet(("编号", "环境卫生"), *rows)), "环境卫生")
    assert [c.label("zh") for c in found.question.choices] == list(SCALE)
    assert "“满”" in found.question_of("zh")


def test_names_and_telephone_numbers_are_contacts_and_never_questions() -> None:
    rows = people(
        20, lambda i: i, lambda i: f"张{i}", lambda i: f"1380000{i:04d}", lambda i: f"13911{i:06d}", satisfied
    )
    found = draft("a.xlsx", sheet(("编号", "姓名", "联系电话", "家里的号", "满意吗"), *rows))
    assert [(d.question.role, d.question.label("zh")) for d in found.rows] == [
        ("respondent", "编号"),
        ("phone", "联系电话"),
        ("", "满意吗"),
    ]
    assert [why for _, _, why in found.left_out] == ["drafting.left_person"]


def test_two_header_rows_of_stems_and_items() -> None:
    rows = people(12, lambda i: i, satisfied, satisfied, lambda i: "公园" if i % 2 else "广场")
    data = sheet(("编号", "您对以下满意吗", None, "常去"), (None, "卫生", "绿化", None), *rows, merged=("B1:C1",))
    found = draft("a.xlsx", data)
    assert [d.question.type for d in found.rows] == ["text", "select_one", "select_one", "select_one"]
    assert len({d.question.name for d in found.rows}) == 4
    assert found.rows[1].question.choices == found.rows[2].question.choices


def test_ticks_of_one_stem_are_one_question() -> None:
    tick = [lambda i, k=k: "√" if (i + k) % 3 else None for k in range(3)]
    found = draft("a.xlsx", sheet(("编号", "需要_看病", "需要_买菜", "需要_其他"), *people(15, lambda i: i, *tick)))
    row = of(found, "需要")
    assert (row.question.type, [c.label("zh") for c in row.question.choices]) == (
        "select_multiple",
        ["看病", "买菜", "其他"],
    )


def test_four_hundred_columns_are_drafted() -> None:
    data = sheet(("编号", *(f"第{k}件事怎么样" for k in range(399))), *people(12, lambda i: i, *[satisfied] * 399))
    assert len(draft("a.xlsx", data).rows) == 400


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([(1, 2, 3), (4, 5, 6), (7, 8, 9)], "drafting.no_header"),
        ([("编号", "社区"), (1, "东园"), (2, "西园"), (3, "东园")], "drafting.no_question"),
    ],
)
def test_what_cannot_be_drafted_is_said_in_one_sentence(rows: list[tuple[Any, ...]], code: str) -> None:
    with pytest.raises(Refused) as refused:
        draft("a.xlsx", sheet(*rows))
    assert refused.value.key == code


@pytest.mark.parametrize("written", ["{}_{}", "{}—{}", "{}：{}", "{}（{}）"])
def test_ticks_come_in_without_a_question_and_what_is_new_leaves_them_alone(home: Store, written: str) -> None:
    tick = [lambda i, k=k: "√" if (i + k) % 3 else None for k in range(4)]
    heads = [written.format("需要", option) for option in ("看病", "买菜", "其他", "理发")]
    first = sheet(("编号", *heads[:3]), *people(15, lambda i: f"a{i}", *tick[:3]))
    form, name = adopted(draft("a.xlsx", first)), f"ticks {written}"
    block = stored(home, form, name, "a.xlsx", first)
    assert len(block) == 15
    later = sheet(("编号", *heads), *people(12, lambda i: f"b{i}", *tick))
    seen = inspect(home, "b.xlsx", later, ImportOptions(name, year=2014, community="一社区"))
    assert seen.counts.storable == 12
    assert [(f.code, f.level) for f in seen.findings] == [("intake.columns_ignored", "note")]
    assert heads[3] in seen.findings[0].word("zh")
