"""The dialect of OpenRouter's API for videos."""
