"""What every card must do, as tests that the package of a card inherits."""

from __future__ import annotations

import json

from kirin.catalogue.card import Card
from kirin.catalogue.plugin_check import card_problem
from kirin.catalogue.probes import provisional
from kirin.catalogue.registry import installed
from kirin.catalogue.schema import params_schema
from kirin.catalogue.spec import spec
from kirin.domain.storyboard import Storyboard


class CardContract:
    """The tests. A subclass whose name begins with ``Test`` says which card they are for."""

    def card(self) -> Card:
        """The card."""
        raise NotImplementedError("a subclass returns its card here")

    def test_it_can_be_registered(self) -> None:
        """What a server checks when it starts."""
        card = self.card()
        problem = card_problem(card.id, card)
        assert problem is None, problem

    def test_its_id_is_its_own(self) -> None:
        """No other model of the catalogue has it."""
        others = [card for card in installed() if card != self.card()]
        assert self.card().id not in {card.id for card in others}

    def test_examples_are_valid(self) -> None:
        """None has a problem, or a parameter without an effect."""
        for example in self.card().examples:
            checked = self.card().check(example)
            assert checked.problems == []
            assert checked.ignored == ()

    def test_the_same_request_gives_the_same_plan(self) -> None:
        """A plan follows from the parameters and the seed alone."""
        card = self.card()
        for example in card.examples:
            assert provisional(card, example) == provisional(card, example)

    def test_plans_name_the_model(self) -> None:
        """Engines that have work done elsewhere must name it there."""
        for example in self.card().examples:
            plan = provisional(self.card(), example)
            assert not isinstance(plan, Storyboard) or plan.model == self.card().id

    def test_fields_name_parameters(self) -> None:
        """What an engine refuses is told by the name that the user knows."""
        names = {parameter.name for parameter in self.card().parameters}
        for field, parameter in self.card().fields.items():
            assert parameter.partition("[")[0].partition(".")[0] in names, (field, parameter)

    def test_unknown_parameters_are_told(self) -> None:
        """A stranger's mistake gets an answer, not a bug."""
        card = self.card()
        for example in card.examples[:1]:
            for name in example:
                card.check({**example, name: object()})  # whatever it says, it says so
                card.check({key: value for key, value in example.items() if key != name})

    def test_it_can_be_described(self) -> None:
        """For the catalogue and the OpenAPI document."""
        json.dumps(params_schema(self.card()))
        json.dumps(spec(self.card(), "http://localhost"))
