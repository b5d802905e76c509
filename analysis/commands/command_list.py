"""The commands of the scores.

One line each: the name typed, module and function, the key of its help; order is that of the help.
"""

from __future__ import annotations

from analysis.quality.list import LINES
from survey.commands.command_tree import Command, Group

COMMANDS: tuple[Command | Group, ...] = (
    Command("init", "analysis.commands.main:init", "cli.help.init"),
    Command("score", "analysis.commands.score:score", "cli.help.score"),
    Command("estimate", "analysis.commands.main:estimate", "cli.help.estimate"),
    Command("export", "analysis.commands.export:export", "cli.help.export"),
    Command("archive", "analysis.commands.archive:archive", "archive.help"),
    Command("doctor", "analysis.commands.doctor:doctor", "doctor.help"),
    Command("trace", "analysis.commands.main:trace", "cli.help.trace"),
    Command("coverage", "analysis.commands.measures:coverage", "coverage.help.coverage"),
    Command("rates", "analysis.commands.measures:rates", "rates.help.rates"),
    Command("compare", "analysis.commands.compare:compare", "compare.help.compare"),
    Command("lift", "analysis.commands.lift:lift", "lifting.help.lift"),
    Command("trend", "analysis.commands.compare:trend", "compare.help.trend"),
    Command("streets", "analysis.commands.compare:streets", "compare.help.streets"),
    Command("drivers", "analysis.commands.measures:drivers", "drivers.help.drivers"),
    Command("power", "analysis.commands.measures:power", "power.help.power"),
    Command("sensitivity", "analysis.commands.measures:sensitivity", "sensitivity.help.sensitivity"),
    Command("targets", "analysis.commands.awards:targets", "awards.help.targets"),
    Command("offices", "analysis.commands.tasks:offices", "tasks.help.offices"),
    Group(
        "words",
        "words_cli.help.words",
        (
            Command("codes", "analysis.commands.worded:codes", "words_cli.help.codes"),
            Command("count", "analysis.commands.worded:count", "words_cli.help.count"),
            Command("list", "analysis.commands.worded:list_answers", "words_cli.help.list"),
        ),
    ),
    Group(
        "audit",
        "audit_cli.help.audit",
        (
            Command("list", "analysis.commands.audit_log:list_entries", "audit_cli.help.list"),
            Command("export", "analysis.commands.audit_log:export_entries", "audit_cli.help.export"),
            Command("verify", "analysis.commands.audit_log:verify", "audit_cli.help.verify"),
        ),
    ),
    Group(
        "letters",
        "letters.help_group",
        (Command("template", "analysis.commands.letters:letters_template", "letters.help"),),
    ),
    Group(
        "scheme",
        "cli.help.scheme",
        (
            Command("check", "analysis.commands.scheme:scheme_check", "cli.help.scheme_check"),
            Command("add", "analysis.commands.scheme:scheme_add", "cli.help.scheme_add"),
            Command("draft", "analysis.commands.scheme_draft:scheme_draft", "scheme.command.draft"),
            Command("versions", "analysis.commands.scheme:scheme_versions", "scheme.command.versions"),
            Command("diff", "analysis.commands.scheme:scheme_diff", "scheme.command.diff"),
            Command("against", "analysis.commands.scheme:scheme_against", "scheme.command.against"),
            Command("show", "analysis.commands.scheme_display:scheme_show", "cli.help.scheme_show"),
            Command("template", "analysis.commands.scheme:scheme_template", "cli.help.scheme_template"),
        ),
    ),
    Group(
        "indicators",
        "cli.help.indicators",
        (
            Command("import", "analysis.commands.indicators:import_file", "cli.help.indicators_import"),
            Command("template", "analysis.commands.indicators:template", "cli.help.indicators_template"),
            Command("set", "analysis.commands.indicators:set_value", "indicators_cli.help.set"),
            Command("list", "analysis.commands.indicators:list_values", "indicators_cli.help.list"),
            Command("history", "analysis.commands.indicators:history", "indicators_cli.help.history"),
            Command("review", "analysis.commands.indicators:review_values", "indicators_cli.help.review"),
        ),
    ),
    Group(
        "cycle",
        "cycle_cli.help.cycle",
        (
            Command("show", "analysis.commands.cycle:show", "cycle_cli.help.show"),
            Command("log", "analysis.commands.cycle:log", "cycle_cli.help.log"),
            Command("titles", "analysis.commands.cycle:titles", "cycle_cli.help.titles"),
            Command("template", "analysis.commands.cycle:template", "cycle_cli.help.template"),
            Command("import", "analysis.commands.cycle:import_file", "cycle_cli.help.import"),
            Command("apply", "analysis.commands.cycle:apply", "cycle_cli.help.apply"),
            Command("review", "analysis.commands.street_steps:review", "cycle_cli.help.review"),
            Command("calculate", "analysis.commands.street_steps:calculate", "cycle_cli.help.calculate"),
            Command("publicise", "analysis.commands.street_steps:publicise", "cycle_cli.help.publicise"),
            Command("decide", "analysis.commands.cycle:decide", "cycle_cli.help.decide"),
            Command("name", "analysis.commands.street_steps:name", "cycle_cli.help.name"),
            Command("close", "analysis.commands.street_steps:close", "cycle_cli.help.close"),
            Command("correct", "analysis.commands.street_steps:correct", "cycle_cli.help.correct"),
            Command("versions", "analysis.commands.cycle_versions:versions", "cycle_cli.help.versions"),
            Command("persons", "analysis.commands.cycle:persons", "cycle_cli.help.persons"),
            Group(
                "veto",
                "cycle_cli.help.veto",
                (
                    Command("add", "analysis.commands.vetoes_objections:veto_add", "cycle_cli.help.veto_add"),
                    Command(
                        "approve", "analysis.commands.vetoes_objections:veto_approve", "cycle_cli.help.veto_approve"
                    ),
                    Command("lift", "analysis.commands.vetoes_objections:veto_lift", "cycle_cli.help.veto_lift"),
                    Command("list", "analysis.commands.vetoes_objections:veto_list", "cycle_cli.help.veto_list"),
                ),
            ),
            Group(
                "objection",
                "cycle_cli.help.objection",
                (
                    Command("add", "analysis.commands.vetoes_objections:objection_add", "cycle_cli.help.objection_add"),
                    Command(
                        "answer",
                        "analysis.commands.vetoes_objections:objection_answer",
                        "cycle_cli.help.objection_answer",
                    ),
                    Command(
                        "keep", "analysis.commands.vetoes_objections:objection_keep", "cycle_cli.help.objection_keep"
                    ),
                    Command(
                        "list", "analysis.commands.vetoes_objections:objection_list", "cycle_cli.help.objection_list"
                    ),
                ),
            ),
        ),
    ),
    Group(
        "quality",
        "quality.help.quality",
        tuple(
            Command(line.command, f"analysis.commands.quality:{line.name}", line.help) for line in LINES if line.command
        ),
    ),
    Group(
        "awards",
        "awards.help.awards",
        (
            Command("show", "analysis.commands.awards:show", "awards.help.show"),
            Command("forecast", "analysis.commands.awards:forecast", "awards.help.forecast"),
            Command("balance", "analysis.commands.awards:balance", "awards.help.balance"),
            Command("ledger", "analysis.commands.payouts:show", "ledger.help.ledger"),
            Command("pay", "analysis.commands.payouts:pay", "ledger.help.pay"),
            Command("return", "analysis.commands.payouts:give_back", "ledger.help.return"),
            Command("withdraw", "analysis.commands.payouts:withdraw", "ledger.help.withdraw"),
            Command("entries", "analysis.commands.payouts:entries", "ledger.help.entries"),
            Command("template", "analysis.commands.payouts:template", "ledger.help.template"),
            Command("import", "analysis.commands.payouts:import_file", "ledger.help.import"),
        ),
    ),
    Group(
        "todo",
        "duties.help.todo",
        (Command("dates", "analysis.commands.duties:dates", "duties.help.dates"),),
        alone=Command("todo", "analysis.commands.duties:todo", "duties.help.todo"),
    ),
    Group(
        "tasks",
        "tasks.help.tasks",
        (
            Command("export", "analysis.commands.tasks:export", "tasks.help.export"),
            Command("import", "analysis.commands.tasks:import_file", "tasks.help.import"),
            Command("list", "analysis.commands.tasks:list_tasks", "tasks.help.list"),
            Command("log", "analysis.commands.tasks:log", "tasks.help.log"),
        ),
    ),
)
