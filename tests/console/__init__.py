"""Browser tests of the console: a package, so that they can share one browser."""
