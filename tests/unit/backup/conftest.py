"""Portraits of subjects are drawn once: subjects here show the same picture."""

from support.portraits import portraits_drawn_once

__all__ = ["portraits_drawn_once"]
