"""What kind of sample a file says that it is.

One kind is taken where nobody said one.  A batch is of one kind: a column that says another than was said, or several, is asked
about, since who was not drawn would get errors and ranks.
"""

from __future__ import annotations

from dataclasses import replace

from survey.coding.options import ImportOptions
from survey.core.findings import Finding
from survey.core.lang import LANGUAGES, enumerated, say
from survey.intake.steps import MatchedFile
from survey.matching.shapes.sample_kinds import sample_told

TOLD, OTHER = "intake.sample_told", "intake.sample_differs"


def of_sample(found: MatchedFile, options: ImportOptions) -> tuple[MatchedFile, ImportOptions]:
    """The file and its options where a column says of every row what kind of sample it is of."""
    told = sample_told(found.matched)
    if told is None:
        return found, options
    column, kinds = told
    only = next(iter(kinds)) if len(kinds) == 1 else None
    if only is not None and not options.sample_said:
        options = replace(options, sample_type=only, sample_said=True)
    differs = only != options.sample_type
    params = {
        "found": column.header,
        "kinds": {
            lang: enumerated(lang, (say(lang, f"intake.sample_{kind}", n=n) for kind, n in kinds.most_common()))
            for lang in LANGUAGES
        },
        "kind": {lang: say(lang, f"intake.kind_{options.sample_type}") for lang in LANGUAGES},
    }
    finding = Finding(
        OTHER if differs else TOLD,
        "ask" if differs else "note",
        "sheet",
        found.matched.sheet.name,
        column.cell,
        header=column.header,
        params=params,
    )
    return replace(found, asked=(*found.asked, finding)), options
