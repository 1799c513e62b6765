"""What can be known of a query before it runs, read from its text alone."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

from cjigraph.errors import LimitError, QueryError
from cjigraph.guard import FORMS, ForbiddenError, admit, first

if TYPE_CHECKING:
    from cjigraph.errors import CjigraphError

_FRESH = ("RAND", "NOW", "UUID", "STRUUID", "BNODE")
"""Functions that answer otherwise each time."""
_MAYBE_FRESH = re.compile("rand|now|uuid|bnode", re.IGNORECASE)

FORBIDDEN, TOO_BIG, WRONG = "forbidden", "too big", "wrong"


class Reading(NamedTuple):
    """The form of a query, and whether its answer lasts as long as the dataset."""

    form: str
    lasts: bool


class Refusal(NamedTuple):
    """Why a query is not put to the engine, and whose fault that is."""

    kind: str
    said: str


def read(text: str, size: int, graphs: tuple[str, ...]) -> Reading | Refusal:
    """Return what a query is if the guard lets it pass, else why not."""
    try:
        found = admit(text, size=size, graphs=graphs)
    except ForbiddenError as error:
        return Refusal(FORBIDDEN, _said(error))
    except LimitError as error:
        return Refusal(TOO_BIG, _said(error))
    except QueryError as error:
        return Refusal(WRONG, _said(error))
    form = first(found)
    lasts = not _MAYBE_FRESH.search(text) or not any(
        token.is_word(*_FRESH) for token in found
    )
    # What begins otherwise is wrong, and the engine will say so better.
    known = form is not None and form.is_word(*FORMS)
    return Reading(form.text.upper() if form and known else FORMS[0], lasts)


def _said(error: CjigraphError) -> str:
    return "; ".join(part for part in (_placed(error), error.cure) if part)


def _placed(error: CjigraphError) -> str:
    return f"line {error.line}, column {error.column}: {error.problem}"


def pack(found: Reading | Refusal) -> bytes:
    """Return a reading, or a refusal, as it is sent."""
    return json.dumps([isinstance(found, Reading), *found]).encode()


def unpack(body: bytes) -> Reading | Refusal:
    """Return what was sent as `body`; anything else is a `ValueError`."""
    passed, *parts = json.loads(body)
    return Reading(*parts) if passed else Refusal(*parts)
