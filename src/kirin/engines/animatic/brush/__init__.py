"""The motion brush: regions of a picture follow drawn paths, or are held still."""
