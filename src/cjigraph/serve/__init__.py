"""A SPARQL endpoint, fit to face strangers, and what else is served beside it.

`main` serves until interrupted; `app` makes the application that `run` runs, and takes
other routes and a writer of pages.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cjigraph.serve.application import Settings, app
    from cjigraph.serve.limits import Limits
    from cjigraph.serve.server import Bind, main, run

__all__ = ["Bind", "Limits", "Settings", "app", "main", "run"]


_HOMES = {
    "Bind": "server",
    "Limits": "limits",
    "Settings": "application",
    "app": "application",
    "main": "server",
    "run": "server",
}


def __getattr__(name: str) -> object:
    # Workers import this package too, and need none of what the server does.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
