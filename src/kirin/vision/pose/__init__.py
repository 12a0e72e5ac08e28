"""Human pose estimation and tracking: landmarks, skeletons, the motion of a driving video."""
