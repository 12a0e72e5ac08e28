"""Engines turn storyboards into clips. One package or file each; none knows of cards or tasks."""
