"""The subject library, and the portraits that its subjects are shown by."""
