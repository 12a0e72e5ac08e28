"""Kirin: the video generation API on your own machines."""

import os

__version__ = "0.1.0"

# ONNX Runtime tells its makers of each session that it opens, and the hub's library of what it
# fetches, unless they find these when they are imported. Nothing is told to anybody from here.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")

# Every product of matrices here is small. On several threads these wait for each other: on a busy
# machine a prompt takes fifteen times as long to be read.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
