"""Human pose estimation and tracking: landmarks, skeletons, and the movement of a driving video."""
