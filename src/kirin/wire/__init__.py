"""What other APIs say on the wire: addresses, words and codes, one module for each API.

A dialect that this server speaks (``http/dialects``) and the client of a provider that speaks it
(``engines/upstream``) read the same module, so that the two halves cannot drift apart.
"""
