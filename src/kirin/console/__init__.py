"""Serves the console: the web page that ``web/`` is built into."""
