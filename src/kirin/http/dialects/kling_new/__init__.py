"""The dialect of the Kling family's own API, in its new standard."""
