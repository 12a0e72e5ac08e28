"""Sound: ambience synthesised to what a prompt describes, and words spoken."""
