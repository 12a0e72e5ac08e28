"""What is added to the air of a picture: snow, rain, fog, sparks, birds."""
