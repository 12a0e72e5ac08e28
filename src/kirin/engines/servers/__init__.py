"""The engine that has videos made by inference servers with OpenAI's ``/v1/videos``."""
