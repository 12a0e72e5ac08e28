"""From a first picture to a last one."""
