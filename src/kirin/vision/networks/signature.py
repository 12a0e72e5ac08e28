"""Whether a file is the network that it is said to be: its inputs and outputs."""

from __future__ import annotations

from pathlib import Path

from kirin.errors import KirinError
from kirin.vision.networks.optional import OptionalNetwork
from kirin.vision.onnx_session import open_session


def check_signature(network: OptionalNetwork, path: Path) -> None:
    """Load a file as a network, and compare what it takes and gives.

    Raises:
        KirinError: it is no ONNX file, or one of another network.
    """
    try:
        session = open_session(path.absolute(), threads=1)
    except Exception as error:  # its exceptions have no common class but this
        reason = str(error).strip().splitlines()[0]
        raise KirinError(f"{path} cannot be loaded as {network.name}: {reason}") from None
    found = {each.name: each.shape for each in session.get_inputs()}
    if set(found) != set(network.inputs):
        raise KirinError(
            f"{path} is not {network.name}: it takes {', '.join(found)}, "
            f"not {', '.join(network.inputs)}"
        )
    for name, wanted in network.inputs.items():
        if not _fits(found[name], wanted):
            raise KirinError(
                f"{path} is not {network.name}: {name} has the shape {found[name]}, "
                f"not {[size or 'any' for size in wanted]}"
            )
    given = tuple(len(each.shape) for each in session.get_outputs()[: len(network.outputs)])
    if given != network.outputs:
        raise KirinError(
            f"{path} is not {network.name}: its outputs have {given} dimensions, "
            f"not {network.outputs}"
        )


def _fits(shape: list[int | str | None], wanted: tuple[int | None, ...]) -> bool:
    """Whether a declared shape allows what is wanted; a name stands for any size."""
    return len(shape) == len(wanted) and all(
        size is None or not isinstance(have, int) or have == size
        for have, size in zip(shape, wanted, strict=True)
    )
