"""The engine for pools of inference servers with OpenAI's video API, ``/v1/videos``."""
