"""What whoever runs the server needs: health, readiness, metrics, traces."""
