"""Subjects of a picture that breathe, blink, lift off or leave."""
