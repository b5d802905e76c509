"""Which field of a step's form a refusal of the cycle speaks of."""

from __future__ import annotations

from dashboard.parts.sent_forms import SentForm

#: the fields of all steps, as the form calls them
_NAMES = (
    "community",
    "star",
    "kind",
    "matter",
    "about",
    "outcome",
    "answered_by",
    "body",
    "total",
    "refused",
    "ruling",
    "document",
    "date",
    "until",
    "reason",
    "late",
    "approver",
    "workbook",
    "file",
    "switch",
)


def _field(*names: str) -> tuple[str, ...]:
    return tuple(f"cycle-field/{name}" for name in names)


#: what each field's refusals are, by the key of ``cycle``; no step has two of the fields that stand together
_CYCLE = {
    _field("community", "matter"): (
        "no_street which_street vetoed veto_pending not_applied applied_already no_number nothing_to_keep nothing_decided "
        "unanswered upheld not_recommended nothing_upheld not_reviewed decided_already named_already no_title_due "
        "not_decided no_star title_mismatch naming_body nothing_to_rule title_there nothing_to_revoke calculation_old"
    ),
    _field("matter"): "own no_veto veto_is_lifted veto_is_active no_objection",
    _field("star", "total"): "bad_star star_mismatch",
    _field("total"): "bad_total",
    _field("body"): "bad_body city_before",
    _field("kind", "about", "answered_by"): "need_subject unknown_veto",
    _field("outcome"): "bad_outcome",
    _field("ruling"): "bad_ruling event_mismatch bad_event",
    _field("document"): "need_document",
    _field("date"): (
        "need_date before_year still_public veto_outside objection_early objection_late answered_before named_before"
    ),
    _field("until"): "need_until ends_first",
    _field("reason"): "need_reason decided_needs_reason calculated_already",
    _field("approver"): "need_approver own",
}
_OTHERS = {
    "store.unknown_community": _field("community"),
    "cycle_file.unknown_community": _field("community"),
    "cycle_file.bad_star": _field("star"),
    "cycle_file.bad_total": _field("total"),
    "cycle_file.bad_date": _field("date", "until"),
    "cycle.bad_date": _field("date", "until"),
    "page_cycle.choose_matter": _field("matter"),
    "page_cycle.choose_file": _field("workbook", "file"),
    "page_cycle.file_refused": _field("file"),
    "page_cycle.too_large": _field("file"),
}
_SAID: dict[str, tuple[str, ...]] = {}
for _fields, _keys in _CYCLE.items():
    for _key in _keys.split():
        _SAID[f"cycle.{_key}"] = (*_SAID.get(f"cycle.{_key}", ()), *_fields)

SENT = SentForm(
    ("cycle-submit",),
    _field(*_NAMES),
    {**_SAID, **_OTHERS},
    {f"cycle-field/{name}": f"page_cycle.field_{name}" for name in _NAMES},
)
