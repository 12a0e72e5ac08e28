"""The animatic engine: camera moves, procedural scenes and puppets, on any CPU.

There is one package per kind of shot, with its ``renderer.py``; ``renderers.py`` picks among them.
"""
