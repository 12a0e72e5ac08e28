"""Where a substance is in a picture: from colour, texture and position, without learned weights."""
