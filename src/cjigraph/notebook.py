"""SPARQL in notebooks: `%load_ext cjigraph`, then `%%sparql` above a query.

    %%sparql
    SELECT ?body WHERE { ?body a cji:Inspectorate }

The cell shows the answer as a table; `%%sparql name` keeps it under that name instead.
A line `%sparql inspections-led-by-body --body hmicfrs` asks a named question.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from cjigraph.errors import CjigraphError, InputError
from cjigraph.graph import load

if TYPE_CHECKING:
    from cjigraph.graph import Graph
    from cjigraph.result import Result

GRAPH = "cjigraph_graph"
"""The variable of the notebook that, if it is there, holds the graph to ask."""


def load_ipython_extension(shell: Any) -> None:
    """Give a notebook the magic `%sparql` and `%%sparql`; IPython calls this."""
    magic = _Magic(shell)
    shell.register_magic_function(magic.run, "line_cell", "sparql")


class _Magic:
    """What the magic does, and the graph it asks."""

    def __init__(self, shell: Any) -> None:
        self._shell = shell
        self._bundled: Graph | None = None

    def run(self, line: str, cell: str | None = None) -> Result | None:
        """Answer a query in the cell, or a named question on the line.

        A mistake is a line, as IPython shows the wrong use of any magic.
        """
        from IPython.core.error import UsageError

        try:
            return self._asked(line) if cell is None else self._answered(line, cell)
        except CjigraphError as error:
            raise UsageError(str(error)) from None

    def _answered(self, line: str, cell: str) -> Result | None:
        answer = self._graph().query(cell)
        name = line.strip()
        if not name:
            return answer
        if not name.isidentifier():
            cure = "write %%sparql, or %%sparql and one name"
            raise InputError(f'"{name}" cannot be a variable', cure)
        self._shell.user_ns[name] = answer
        return None

    def _asked(self, line: str) -> Result:
        words = shlex.split(line)
        if not words:
            cure = "name one, as in %sparql work-programmes, or use %%sparql"
            raise InputError("no question is asked", cure)
        return self._graph().ask(words[0], **_values(words[1:]))

    def _graph(self) -> Graph:
        kept = self._shell.user_ns.get(GRAPH)
        if kept is not None:
            return kept  # type: ignore[no-any-return]  # whatever the reader put there
        if self._bundled is None:
            self._bundled = load()
        return self._bundled


def _values(words: list[str]) -> dict[str, str]:
    """Return the parameters after a question, written `--name value`.

    >>> _values(["--body", "hmicfrs"])
    {'body': 'hmicfrs'}
    """
    names, values = words[::2], words[1::2]
    if len(names) != len(values) or not all(name.startswith("--") for name in names):
        raise InputError("the parameters cannot be read", "write --name value for each")
    return {name[2:]: value for name, value in zip(names, values, strict=True)}
