"""Matting: the alpha mask of a picture's subject, its own colours, and the subject cut out."""
