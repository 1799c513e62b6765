"""A knowledge graph of criminal justice joint inspection in England and Wales."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cjigraph.graph import load

__version__ = "0.1.0"
__all__ = ["load"]


def __getattr__(name: str) -> object:
    if name == "load":
        from cjigraph.graph import load

        return load
    if name == "load_ipython_extension":  # what `%load_ext cjigraph` looks for
        from cjigraph.notebook import load_ipython_extension

        return load_ipython_extension
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
