"""Matting: the mask of a picture's subject, its outline, and the subject cut out."""
