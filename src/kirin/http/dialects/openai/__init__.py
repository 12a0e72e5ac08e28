"""The dialect of OpenAI's videos API, which its clients and many gateways speak."""
