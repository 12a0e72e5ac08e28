"""The vocabulary that prompts are read with: one folder of data files a language, and models."""
