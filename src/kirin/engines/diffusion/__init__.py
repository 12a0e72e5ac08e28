"""The diffusion engine: open weights generate the video on a GPU."""
