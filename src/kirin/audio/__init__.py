"""Audio: synthesis of ambience, speech, loudness and mastering."""
