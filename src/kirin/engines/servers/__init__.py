"""Engines on inference servers that speak the OpenAI form of /v1/videos."""
