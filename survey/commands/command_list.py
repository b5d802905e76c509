"""The commands of the way in.

One line each: the name typed, module and function, the key of its help; order is that of the help.
"""

from __future__ import annotations

from survey.commands.command_tree import Command, Group

COMMANDS: tuple[Command | Group, ...] = (
    Command("original", "survey.commands.contacts:original", "contacts.help.original"),
    Command("import", "survey.commands.answers:import_files", "cli.help.import"),
    Command("batches", "survey.commands.batches:list_batches", "cli.help.batches"),
    Command("undo", "survey.commands.reversal:undo", "cli.help.undo"),
    Command("redo", "survey.commands.reversal:redo", "cli.help.redo"),
    Command("remove", "survey.commands.removal:remove", "removal.help.remove"),
    Command("backup", "survey.commands.upkeep:backup", "upkeep.help.backup"),
    Command("restore", "survey.commands.upkeep:restore", "upkeep.help.restore"),
    Group(
        "communities",
        "cli.help.communities",
        (
            Command("add", "survey.commands.communities:communities_add", "cli.help.communities_add"),
            Command("list", "survey.commands.communities:communities_list", "cli.help.communities_list"),
            Command("map", "survey.commands.communities:communities_map", "cli.help.communities_map"),
            Command("export", "survey.commands.communities:communities_export", "cli.help.communities_export"),
            Command("template", "survey.commands.communities:communities_template", "cli.help.communities_template"),
        ),
    ),
    Group(
        "questionnaire",
        "cli.help.questionnaire",
        (
            Command("check", "survey.commands.questionnaires:questionnaire_check", "cli.help.questionnaire_check"),
            Command("add", "survey.commands.questionnaires:questionnaire_add", "cli.help.questionnaire_add"),
            Command("draft", "survey.commands.questionnaires:questionnaire_draft", "cli.help.questionnaire_draft"),
            Command("bank", "survey.commands.questionnaires:questionnaire_bank", "cli.help.questionnaire_bank"),
            Command("list", "survey.commands.questionnaires:questionnaire_list", "cli.help.questionnaire_list"),
            Command(
                "mappings", "survey.commands.questionnaires:questionnaire_mappings", "cli.help.questionnaire_mappings"
            ),
            Command("export", "survey.commands.questionnaires:questionnaire_export", "cli.help.questionnaire_export"),
            Command(
                "template", "survey.commands.questionnaires:questionnaire_template", "cli.help.questionnaire_template"
            ),
        ),
    ),
    Group(
        "calls",
        "calls.help.calls",
        (
            Command("import", "survey.commands.calls:calls_import", "calls.help.import"),
            Command("list", "survey.commands.calls:calls_list", "calls.help.list"),
        ),
    ),
    Group(
        "keys",
        "contacts.help.keys",
        (
            Command("create", "survey.commands.contacts:keys_create", "contacts.help.create"),
            Command("show", "survey.commands.contacts:keys_show", "contacts.help.show"),
            Command("rotate", "survey.commands.contacts:keys_rotate", "contacts.help.rotate"),
        ),
    ),
    Group(
        "contacts",
        "contacts.help.contacts",
        (
            Command("list", "survey.commands.contacts:contacts_list", "contacts.help.list"),
            Command("export", "survey.commands.contacts:contacts_export", "contacts.help.export"),
            Command("purge", "survey.commands.contacts:contacts_purge", "contacts.help.purge"),
            Command("settings", "survey.commands.contacts:contacts_settings", "contacts.help.settings"),
        ),
    ),
)
