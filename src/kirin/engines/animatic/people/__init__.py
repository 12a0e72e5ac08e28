"""People: where their joints are, in pictures and in videos."""
