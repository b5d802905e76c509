"""schemathesis asks what the document allows and what it does not: every answer is one that the document tells of."""

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.tools.stores.read_town import unhurried_reader

#: questions of each address and kind, the same each time
ASKED = 3
reader = unhurried_reader


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_address_answers_as_its_document_says(reader, mode):
    bearer = {"Authorization": f"Bearer {reader.token}", "Accept-Encoding": "identity"}  # the client unpacks nothing
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", reader.app, headers=bearer)
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) == len(schema.raw_schema["paths"])
    for operation in operations:

        @settings(
            max_examples=ASKED,
            derandomize=True,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(operation.as_strategy(generation_mode=mode))
        def ask(case):
            # a cursor or a community may be any text to the document, and is refused with a sentence where there is none
            case.call_and_validate(headers=bearer, excluded_checks=[positive_data_acceptance])

        ask()
