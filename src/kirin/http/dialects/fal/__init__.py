"""The dialect of fal's queue, which its clients and many programs speak."""
