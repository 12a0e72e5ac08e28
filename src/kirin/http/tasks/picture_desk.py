"""Hands out pictures of videos: those that are there at once, others a few at a time."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import Final
from weakref import WeakValueDictionary

from anyio import CapacityLimiter, Lock, to_thread

from kirin.errors import NotFound, NoVideo, StorageAway
from kirin.http.files.downloads import stored_file
from kirin.http.thread_pool import ThreadPool
from kirin.media.refusal import MediaRefused
from kirin.orchestration.previews import Preview, Previews
from kirin.storage.base import Storage

DRAWING_THREADS: Final = 2
"""Pictures that this process draws at a time, for all dialects: each decodes a video."""


class PictureDesk:
    """Finds pictures of videos, and has them made when they are asked for first."""

    def __init__(self, threads: ThreadPool, storage: Storage) -> None:
        self._threads = threads
        self._storage = storage
        self._previews = Previews(storage)
        self._drawing = CapacityLimiter(DRAWING_THREADS)
        self._locks: WeakValueDictionary[str, Lock] = WeakValueDictionary()

    async def find(self, video: str, preview: Preview) -> tuple[str, Path, os.stat_result]:
        """Key, file and stat of a picture.

        Args:
            video: key of the video.

        Raises:
            NotFound, ResultExpired: the video is no longer there.
            NoVideo: it cannot be decoded.
            StorageAway: storage does not answer, or is full.
        """
        key = preview.key(video)
        try:
            path = await self._threads.run(self._storage.path, key)
            return key, path, await self._threads.run(path.stat)
        except FileNotFoundError:
            pass
        except OSError as error:
            raise StorageAway from error
        # Who asks for what is being drawn waits for that.
        lock = self._locks.setdefault(key, Lock())
        async with lock:
            try:
                draw = partial(self._previews.make, video, preview)
                await to_thread.run_sync(draw, limiter=self._drawing)
                return key, *await stored_file(self._threads, self._storage, key)
            except FileNotFoundError:
                await stored_file(self._threads, self._storage, video)  # says why it is gone
                raise NotFound("this file is no longer there") from None
            except MediaRefused as refusal:
                raise NoVideo(f"no picture can be made of it: {refusal.message}") from refusal
            except OSError as error:
                raise StorageAway from error
