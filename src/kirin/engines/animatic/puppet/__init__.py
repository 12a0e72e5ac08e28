"""Motion control: a character cut out of a picture, warped to follow a tracked person."""
