"""Fetch the weights of an optional network from the Hugging Face Hub, by the hub's own library."""

from __future__ import annotations

from pathlib import Path

from kirin.errors import KirinError
from kirin.vision.networks.optional import OptionalNetwork
from kirin.vision.networks.store import FetchedWeights, digest


def fetch(network: OptionalNetwork, folder: Path, revision: str | None = None) -> FetchedWeights:
    """Download weights, and compare them with what the hub says of them.

    Args:
        network: whose.
        folder: where to put the file; the caller deletes it.
        revision: a commit or a branch; the main branch without one.

    Raises:
        KirinError: the hub cannot be reached, lacks the file, states another licence, or sent
            other bytes than it announced.
    """
    try:
        from huggingface_hub import HfApi, hf_hub_download  # noqa: PLC0415  # an extra
    except ImportError:
        raise KirinError(
            "the hub's library is not installed: pip install 'kirin[weights]'; or download "
            f"{network.file} from {network.url} by other means, and give it with --from"
        ) from None
    try:
        info = HfApi().model_info(network.repository, revision=revision, files_metadata=True)
        licence = str(info.card_data.license if info.card_data else "")
        if licence.lower() != network.licence.lower():
            raise KirinError(
                f"{network.url} states the licence {licence!r} and not "
                f"{network.licence!r}: nothing was downloaded"
            )
        path = Path(
            hf_hub_download(
                network.repository, network.file, revision=info.sha, local_dir=str(folder)
            )
        )
    except KirinError:
        raise
    except Exception as error:  # of httpx, of the hub's library and of the disk
        reason = str(error).strip().splitlines()[0]
        raise KirinError(
            f"{network.url} cannot be fetched: {reason}. Without a way to the hub, copy "
            f"{network.file} from another machine, and give it with --from"
        ) from None
    announced = {each.rfilename: each.lfs.sha256 for each in info.siblings or () if each.lfs}
    if (wanted := announced.get(network.file)) and digest(path) != wanted:
        raise KirinError(f"{path} is not what the hub announced ({wanted}): try again")
    return FetchedWeights(path, network.url, info.sha or "", network.licence, temporary=True)
