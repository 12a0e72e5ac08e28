"""Light on a picture that changes: day to night, lamps, a passing cloud."""
