"""Audio: synthesis of ambient sounds, speech, loudness measurement and mastering."""
