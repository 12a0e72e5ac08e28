"""Tests for the packages of others: what an engine, a card and a dialect must do to be one.

A plug-in's tests inherit them, and pytest runs them::

    from kirin.testing import EngineContract

    class TestMyEngine(EngineContract):
        def engine(self):
            return MyEngine()

The engines of this package pass the same ones.
"""

from kirin.testing.cards import CardContract
from kirin.testing.dialects import DialectContract
from kirin.testing.engines import EngineContract
from kirin.testing.storyboards import storyboard

__all__ = ["CardContract", "DialectContract", "EngineContract", "storyboard"]
