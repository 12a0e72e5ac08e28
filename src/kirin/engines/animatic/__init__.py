"""The animatic engine: real motion made from the user's own pictures, on any CPU."""
