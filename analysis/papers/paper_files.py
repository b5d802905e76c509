"""Papers of a year as PDF files: diagnoses, notices to hang up, the leader's page of a street; one, a folder, or an archive."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from analysis.exports.files import computed_at, file_name, fits, safe_name
from analysis.exports.packed.unfinished import Part, mark_of, write_parts
from analysis.exports.workbook import program_version
from analysis.papers.diagnosis import Sources, diagnosis
from analysis.papers.street.brief import brief
from analysis.papers.street.notice import named, notice
from analysis.papers.street.one_street import Street
from analysis.papers.typesetting import pdf
from survey.core.disk import write_file
from survey.core.errors import Refused
from survey.core.lang import say
from survey.core.masking import masked

#: which papers there are: of a community, to hang up, of a street
PAPERS = ("diagnosis", "notice", "brief")


def diagnosis_pdf(sources: Sources, code: str, lang: str) -> bytes:
    """The diagnosis of a community as PDF; its clock is the time of computation, so that the same results give the same bytes.

    Raises Refused for a community that the year does not have, Surroundings where the machine has no Chinese font.
    """
    return pdf("diagnosis", diagnosis(sources, code, lang), computed_at(sources.results))


def notice_pdf(sources: Sources, code: str, lang: str) -> bytes:
    """The notice to hang up; raises Refused for a community that is not named, too."""
    return pdf("notice", notice(sources, code, lang), computed_at(sources.results))


def brief_pdf(street: Street, lang: str) -> bytes:
    """The leader's page of a street."""
    return pdf("brief", brief(street, lang), computed_at(street.results))


def brief_name(street: Street, lang: str) -> str:
    """``2014_示例街道_会前一页纸.pdf``."""
    stem = f"{street.year}_{street.title(lang)}_{say(lang, 'brief.title')}"
    return f"{safe_name(masked(stem))}.pdf"


def notice_name(sources: Sources, code: str, lang: str) -> str:
    """``公示版/2014_SL03_望江社区.pdf``: beside the diagnosis, which no resident gets."""
    return f"{safe_name(say(lang, 'notice.file'))}/{file_name(sources.results, code, '.pdf')}"


def paper_parts(
    sources: Sources, codes: Sequence[str], lang: str, streets: Sequence[Street] = (), papers: Sequence[str] = PAPERS
) -> list[Part]:
    """Name of each file and how it is made: the pages of the ``streets``, diagnoses of these communities, notices of those named.

    Raises Refused for a community that the year does not have.
    """
    known = set(sources.results.scores["community_code"])
    for code in codes:
        if code not in known:
            raise Refused("export.no_community", year=sources.results.meta["year"], community=code)
    parts: list[Part] = []
    if "brief" in papers:
        parts += [(brief_name(street, lang), partial(brief_pdf, street, lang)) for street in streets]
    if "diagnosis" in papers:
        parts += [
            (file_name(sources.results, code, ".pdf"), partial(diagnosis_pdf, sources, code, lang)) for code in codes
        ]
    if "notice" in papers:
        hung = [code for code in codes if named(sources.verdicts.get(code))]
        parts += [(notice_name(sources, code, lang), partial(notice_pdf, sources, code, lang)) for code in hung]
    return parts


def write_papers(
    sources: Sources,
    lang: str,
    out: Path,
    codes: Sequence[str],
    *,
    one: bool,
    streets: Sequence[Street] = (),
    papers: Sequence[str] = PAPERS,
) -> list[Path]:
    """Write them into a folder or, where ``out`` ends in ``.zip``, an archive; ``one`` paper alone also as a ``.pdf``: the
    first of ``papers`` of the first community, or of the first street.

    All or nothing.  Raises WrongUsage for another ending, Refused where there is none, Surroundings where the disk refuses.
    """
    kind = fits(out, ".pdf", one=one, key="papers.ending")
    year = sources.results.meta["year"]
    if not codes:
        raise Refused("export.no_results", year=year)
    if kind == ".pdf":
        made = {
            "diagnosis": lambda: diagnosis_pdf(sources, codes[0], lang),
            "notice": lambda: notice_pdf(sources, codes[0], lang),
            "brief": lambda: brief_pdf(streets[0], lang),
        }[papers[0]]()
        return [write_file(out, made)]
    parts = paper_parts(sources, codes, lang, streets, papers)
    if not parts:
        raise Refused("notice.nobody", year=year)
    more = [(s.name, s.payments, s.lines, s.goals) for s in streets]
    told = sources.tasks if "diagnosis" in papers else None
    said = [] if told is None else [row.task for row in told.rows if row.task is not None]
    about = sorted(sources.verdicts.items()), sorted(sources.method_changes), more, said
    mark = mark_of(sources.years, lang, *about, program_version())
    return write_parts(out, parts, computed_at(sources.results), mark)
