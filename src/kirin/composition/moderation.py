"""Moderation as the settings and the installed packages have it."""

from __future__ import annotations

from kirin.orchestration.moderation import Moderation
from kirin.settings import Settings
from kirin.vision.open_nsfw import OpenNsfw, installed


def open_moderation(settings: Settings) -> Moderation:
    """Moderation with the classifier that is installed, or without one."""
    return Moderation(OpenNsfw() if installed() else None, settings.moderation_threshold)
