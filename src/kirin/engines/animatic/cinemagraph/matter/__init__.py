"""Matter in a picture that moves where it is: water, clouds, fire, leaves, cloth."""
