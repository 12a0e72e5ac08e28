"""Computer vision on the CPU: planes and kernels, pose, matting, inpainting, flow, trajectories."""
