"""Places outdoors: their grounds, and the sets, lights and painters of those that are built."""

from kirin.engines.animatic.places.outdoor.grounds import GROUNDS, ground_of
from kirin.engines.animatic.places.outdoor.sets import DRAWABLES, LIGHTS

__all__ = ["DRAWABLES", "GROUNDS", "LIGHTS", "ground_of"]
