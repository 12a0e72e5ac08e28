"""What sister models share: parameters, rules and the storyboards that they become.

A card takes its parts from here and states what is its own.
"""
