"""The inputs: the pictures, videos and sounds that come with a request, in whatever way."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from kirin.catalogue.references import MediaParameter, MediaPlace, VideoId
from kirin.domain.assets import Asset, AssetKind
from kirin.domain.callbacks import ReadAsset
from kirin.domain.limits import ImageLimits, Limits, SoundLimits, VideoLimits
from kirin.errors import SignatureRefused, StorageAway
from kirin.media.base64 import is_url
from kirin.media.ingest import MediaIngest, digest_of
from kirin.media.local_files import LocalFiles, is_file_url
from kirin.media.refusal import MediaRefused
from kirin.orchestration.made_videos import MadeVideos
from kirin.storage.keys import input_key
from kirin.storage.links import Links
from kirin.storage.reference_aware import ReferenceAwareStorage

INLINE = "sha256:"
"""What stands in a task's parameters before the digest of what came without an address."""

KnownUpload = Callable[[str], Asset | None]
"""What was measured of an upload when it came, by its sha256."""


@dataclass
class SeenInputs:
    """What was measured of the inline pictures and sounds of a batch: each is looked at once, and
    its bytes are not kept in memory.

    Attributes:
        assets: by the text that they came as, and their limits.
    """

    assets: dict[tuple[str, object], Asset] = field(default_factory=dict)


@dataclass
class ResolvedInputs:
    """What came with one request.

    Attributes:
        media: facts by JSON path; of what is to be fetched, announced ones.
        inline: bytes of pictures and sounds, by sha256.
        stored: files that are in storage already, by sha256.
        files: addresses of files that stay where they are on the disk, by sha256.
        seen: what other requests of the same batch have brought; their bytes are in storage.
    """

    media: dict[str, Asset] = field(default_factory=dict)
    inline: dict[str, bytes] = field(default_factory=dict)
    stored: dict[str, Path] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    seen: SeenInputs | None = None

    @property
    def known(self) -> dict[str, Asset]:
        """What need not be fetched."""
        return {path: asset for path, asset in self.media.items() if asset.fetched}


@dataclass(frozen=True)
class InputResolver:
    """Resolves what is here already; announces what a worker must fetch.

    Attributes:
        links: tells links of this server's own, to uploads and results, from others: behind
            those no request of its own is made.
        upload: finds what is known of an upload.
        made: finds videos that the account's tasks have made.
        local: opens files of the server's own disk.
    """

    ingest: MediaIngest
    storage: ReferenceAwareStorage
    links: Links
    upload: KnownUpload
    made: MadeVideos
    local: LocalFiles

    def resolve(
        self, account: str, place: MediaPlace[MediaParameter], inputs: ResolvedInputs
    ) -> None:
        """Resolve one picture, video or sound of an account's request.

        Raises:
            MediaRefused: it is none, or breaks a limit.
            StorageAway: it lies in storage, which does not answer.
        """
        source: str = place.value
        parameter = place.parameter
        if isinstance(parameter, VideoId):
            found = self.made.find(account, source, parameter)
            inputs.stored[found.asset.sha256] = found.path
            inputs.media[place.path] = found.asset
            place.replace(found.task)
            place.holder.update(found.facts)
        elif is_file_url(source):
            inputs.media[place.path] = self._local(source, parameter.limits, inputs)
        elif (key := self._own(source)) is not None:
            inputs.media[place.path] = self._kept(key, place, inputs)
        elif is_url(source):
            self.ingest.check_url(source)
            inputs.media[place.path] = Asset.announced(parameter.kind)
        elif not isinstance(parameter.limits, VideoLimits):
            self._settle(place, self._inline(source, parameter.limits, inputs), inputs)
        else:
            raise MediaRefused("not_a_url", f"must be {parameter.takes()}")

    def use(self, path: str, asset: Asset, inputs: ResolvedInputs) -> None:
        """Use a video that an earlier task was made from.

        Args:
            path: of the parameter that names that task.

        Raises:
            MediaRefused: it is no longer there.
            StorageAway: storage does not answer.
        """
        try:
            inputs.stored[asset.sha256] = self.storage.path(input_key(asset.sha256))
        except FileNotFoundError:
            raise MediaRefused(
                "file_gone", "The video of this task is no longer there: start again with it."
            ) from None
        except OSError as error:
            raise StorageAway from error
        inputs.media[path] = asset

    def store(self, inputs: ResolvedInputs) -> None:
        """Put everything where the task will find it.

        Raises:
            StorageAway: storage takes nothing in.
        """
        try:
            for sha256, data in inputs.inline.items():
                # People try one picture with many prompts; to write it is a sixth of the work.
                if not self._is_kept(sha256, len(data)):
                    self.storage.put_bytes(input_key(sha256), data)
            for sha256, path in inputs.stored.items():
                if not self.storage.renew(input_key(sha256)):
                    self.storage.put(input_key(sha256), path)
        except OSError as error:
            raise StorageAway from error

    def keep_files(self, inputs: ResolvedInputs) -> None:
        """Put files of the disk into storage: what is made of them is needed by later tasks.

        Raises:
            MediaRefused: one has changed just now.
            StorageAway: storage takes nothing in.
        """
        for sha256, url in inputs.files.items():
            with TemporaryDirectory(prefix="kirin-") as folder, self.local.open(url) as file:
                copy = Path(folder) / sha256
                try:
                    shutil.copyfile(file.path, copy)
                    if digest_of(copy) != sha256:
                        raise _changed()
                    self.storage.put(input_key(sha256), copy, move=True)
                except OSError as error:
                    raise StorageAway from error

    @contextmanager
    def readable(self, inputs: ResolvedInputs) -> Iterator[ReadAsset]:
        """Let the bytes of what is here be read, without putting anything into storage.

        What came with the request is written to a folder of its own, when it is asked for, and
        removed again.
        """
        with TemporaryDirectory(prefix="kirin-") as folder, ExitStack() as opened:

            def read(asset: Asset) -> Path:
                if (url := inputs.files.get(asset.sha256)) is not None:
                    file = opened.enter_context(self.local.open(url))
                    name = Path(folder) / f"{file.descriptor}-{asset.sha256}"
                    name.symlink_to(file.path)
                    return name
                data = inputs.inline.get(asset.sha256)
                if data is None:
                    stored = inputs.stored.get(asset.sha256)
                    return stored or self.storage.path(input_key(asset.sha256))
                path = Path(folder) / asset.sha256
                if not path.exists():
                    path.write_bytes(data)
                return path

            yield read

    def _is_kept(self, sha256: str, size: int) -> bool:
        """Whether storage has a file already, whole; it then stays until a row refers to it."""
        key = input_key(sha256)
        try:
            return self.storage.size(key) == size and self.storage.renew(key)
        except FileNotFoundError:
            return False

    def _inline(
        self, source: str, limits: ImageLimits | SoundLimits, inputs: ResolvedInputs
    ) -> Asset:
        # Only a batch repeats pictures: to hash megabytes of text takes as long as their digest.
        seen = inputs.seen.assets if inputs.seen is not None else None
        if seen is not None and (known := seen.get((source, limits))) is not None:
            return known
        asset, data = self.ingest.inline(source, limits)
        inputs.inline[asset.sha256] = data
        if seen is not None:
            seen[source, limits] = asset
        return asset

    def _local(self, source: str, limits: Limits, inputs: ResolvedInputs) -> Asset:
        with self.local.open(source) as file:
            if file.size > limits.max_bytes:
                message = f"has {file.size} bytes; at most {limits.max_bytes} are taken."
                raise MediaRefused("too_many_bytes", message)
            asset = self.ingest.stored(file.path, limits)
            if file.changed():
                raise _changed()
        inputs.files[asset.sha256] = source
        return asset

    def _own(self, source: str) -> str | None:
        if not is_url(source):
            return None
        try:
            return self.links.key_of(source, time.time())
        except SignatureRefused:
            raise MediaRefused(
                "link_over", "This link of the server is over: read a fresh one, or upload again."
            ) from None

    def _kept(self, key: str, place: MediaPlace[MediaParameter], inputs: ResolvedInputs) -> Asset:
        parameter = place.parameter
        try:
            path = self.storage.path(key)
            # Pictures are measured in no time; what is known spares opening a video again.
            video = parameter.kind is AssetKind.VIDEO
            known = self.upload(key.rpartition("/")[2]) if video else None
            asset = self.ingest.stored(path, parameter.limits, known)
        except FileNotFoundError:
            raise MediaRefused(
                "file_gone", "The file behind this link is no longer there: upload it again."
            ) from None
        except OSError as error:
            raise StorageAway from error
        inputs.stored[asset.sha256] = path
        return self._settle(place, asset, inputs)

    def _settle(
        self, place: MediaPlace[MediaParameter], asset: Asset, inputs: ResolvedInputs
    ) -> Asset:
        place.replace(INLINE + asset.sha256)
        inputs.media[place.path] = asset
        return asset


def _changed() -> MediaRefused:
    return MediaRefused("file_changed", "the file is being written to: ask again.", "N-17")
