"""Computer vision on the CPU: planes and kernels, pose, matting, inpainting, flow, trajectories.

Nothing here knows of shots, prompts or engines.
"""
