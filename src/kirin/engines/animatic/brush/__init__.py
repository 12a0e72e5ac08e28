"""The motion brush: parts of a picture follow drawn paths, and others hold still."""
