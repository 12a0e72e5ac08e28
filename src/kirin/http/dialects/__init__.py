"""Dialects: other APIs' wire formats on the same tasks, files, limits and accounts.

One folder each; :mod:`kirin.http.dialects.registry` lists them.
"""
