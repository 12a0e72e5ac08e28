"""The dialect of the Kling family's own API, in the standard that it calls legacy."""
