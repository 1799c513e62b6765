"""Build the graph into the wheel, so that whoever installs it can ask at once."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class GraphBuildHook(BuildHookInterface):  # type: ignore[type-arg,misc,unused-ignore]
    """Add `cjigraph/graph/cjigraph.nq` to a wheel.

    An editable install needs none: a checkout builds its graph when it is first asked.
    """

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the graph before the wheel is put together."""
        if version == "editable":
            return
        root = Path(self.root)
        self._folder = tempfile.TemporaryDirectory(prefix="cjigraph-")
        graph = Path(self._folder.name) / "cjigraph.nq"
        sys.dont_write_bytecode = True
        sys.path.insert(0, str(root / "src"))
        from cjigraph import store

        store.build(root / "ontology", root / "data", graph)
        build_data["force_include"][str(graph)] = "cjigraph/graph/cjigraph.nq"

    def finalize(self, *_: object) -> None:
        """Remove what was built for the wheel."""
        folder = getattr(self, "_folder", None)
        if folder is not None:
            folder.cleanup()
