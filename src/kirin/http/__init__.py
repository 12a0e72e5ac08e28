"""The HTTP side: routes, authentication, limits, and errors as JSON."""
