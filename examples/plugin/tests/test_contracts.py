"""The plug-in keeps the contracts that Kirin's own engines, cards and dialects keep."""

from __future__ import annotations

from kirin_stripes.card import CARD
from kirin_stripes.dialect import PLAIN
from kirin_stripes.engine import StripesEngine

from kirin.testing import CardContract, DialectContract, EngineContract


class TestStripes(EngineContract):
    def engine(self) -> StripesEngine:
        return StripesEngine()


class TestCard(CardContract):
    def card(self):
        return CARD


class TestDialect(DialectContract):
    def dialect(self):
        return PLAIN
