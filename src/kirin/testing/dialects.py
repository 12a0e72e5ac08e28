"""What every dialect must be, as tests that the package of a dialect inherits."""

from __future__ import annotations

import json

from kirin.errors import InvalidKey, InvalidParameters, Problem, UnknownTask
from kirin.http.dialects.dialect import ServedDialect
from kirin.http.dialects.plugin_check import address_clash, dialect_problem
from kirin.http.dialects.registry import DIALECTS
from kirin.http.openapi import dialect_openapi


class DialectContract:
    """The tests. A subclass whose name begins with ``Test`` says which dialect they are for."""

    def dialect(self) -> ServedDialect:
        """The dialect."""
        raise NotImplementedError("a subclass returns its dialect here")

    def test_it_can_be_registered(self) -> None:
        """What a server checks when it starts."""
        dialect = self.dialect()
        problem = dialect_problem(dialect.name, dialect)
        assert problem is None, problem

    def test_its_addresses_are_free(self) -> None:
        """Neither the native API nor a dialect of Kirin has them."""
        clash = address_clash(self.dialect(), DIALECTS)
        assert clash is None, clash

    def test_operations_have_names_of_their_own(self) -> None:
        """Code generators name methods after them."""
        names = [route.id for route in self.dialect().routes]
        assert len(set(names)) == len(names)

    def test_its_document_is_json(self) -> None:
        """With a path for each route."""
        document = json.loads(json.dumps(dialect_openapi(self.dialect())))
        assert document["paths"]

    def test_it_can_say_every_error(self) -> None:
        """Errors have a body in its own form, and a status."""
        errors = self.dialect().errors
        refused = InvalidParameters([Problem("word", "too_long", "at most 20 characters")])
        for error in (InvalidKey(), UnknownTask(), refused):
            answer = errors.response(error, "request")
            assert 400 <= answer.status_code < 600
            json.loads(bytes(answer.body))
