"""Plug-ins: engines, cards, dialects and providers that other packages register."""
