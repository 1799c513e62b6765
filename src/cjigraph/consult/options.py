"""What somebody can ask of a response pack."""

from __future__ import annotations

from typing import NamedTuple

from cjigraph.errors import InputError


class Options(NamedTuple):
    """The thresholds of a response pack, with their defaults.

    `years` is how far back the recent record goes, and how long without a look is a
    gap; `follow_up` how many years a report may wait for a follow-up; `least` the
    fewest points for which a pair is listed; `entries` the fewest entries on record
    that make another programme worth comparing with. `as_of` is the day from which
    years are counted back; without it, the day on which the programme's consultation
    closes, or else the day on which the programme begins.
    """

    as_of: str | None = None
    years: int = 5
    follow_up: int = 1
    least: int = 4
    entries: int = 3

    def checked(self) -> Options:
        """Return these options, or raise an `InputError` that names the wrong one."""
        for name in ("years", "follow_up", "least", "entries"):
            least = 0 if name in ("follow_up", "least") else 1
            if getattr(self, name) < least:
                option = name.replace("_", "-")
                raise InputError(f"--{option} is too small", f"use {least} or more")
        if self.follow_up >= self.years:
            cure = "make --follow-up less than --years"
            raise InputError("no time is left between --follow-up and --years", cure)
        return self


MEANINGS = {
    "as_of": "The day from which years are counted back.",
    "years": "How far back the record is recent, and how long without a look is a gap.",
    "follow_up": "How many years a report may wait for a follow-up.",
    "least": "The fewest points for which a pair is listed.",
    "entries": "The fewest entries on record that make a programme one to compare.",
}
"""The options in words, as the pack states them."""
