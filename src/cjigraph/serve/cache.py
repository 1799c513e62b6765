"""Answers kept for whoever asks the same again."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable

_SHARE = 16
"""No answer takes more than this part of the room."""
_OVERHEAD = 4096
"""What a key and the headers take, at a guess."""


Kept = TypeVar("Kept")


class Cache(Generic[Kept]):
    """A bounded number of bytes, of which those used last are kept."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._size = 0
        self._kept: OrderedDict[Hashable, tuple[Kept, int]] = OrderedDict()

    def get(self, key: Hashable) -> Kept | None:
        """Return what is kept under a key, if it still is."""
        found = self._kept.get(key)
        if found is None:
            return None
        self._kept.move_to_end(key)
        return found[0]

    def put(self, key: Hashable, value: Kept, size: int) -> None:
        """Keep a value of so many bytes, if it is not too big, and let others go."""
        size += _OVERHEAD
        if key in self._kept or size > self._limit // _SHARE:
            return
        self._kept[key] = value, size
        self._size += size
        while self._size > self._limit:
            _, (_, gone) = self._kept.popitem(last=False)
            self._size -= gone
