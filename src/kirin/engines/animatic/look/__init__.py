"""How a whole shot looks: styles on finished frames, focus, pace, title cards, changes in time."""
