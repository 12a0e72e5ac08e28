"""Makes the helpers next to these tests importable; pytest's importlib mode leaves that to us."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
