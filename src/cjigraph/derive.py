"""What the rules of this graph add, beyond what the ontology entails.

A rule is a SPARQL CONSTRUCT in a file of its own, so that anybody can read it and run
it in any engine. It sees the whole dataset with its named graphs, and what it makes is
marked as inferred. No rule sees what another makes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import QueryTriples, Store, Triple

from cjigraph.errors import VocabularyError, parser_problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pyoxigraph import Quad


def derive(quads: Iterable[Quad], folder: Path) -> set[Triple]:
    """Return what the rules in a folder make of a dataset, one `.rq` file each.

    A file that is no CONSTRUCT query is a `VocabularyError`.
    """
    store = Store()
    store.extend(quads)
    made = (triple for path in folder.glob("*.rq") for triple in _made(path, store))
    return set(made)


def _made(path: Path, store: Store) -> Iterator[Triple]:
    try:
        answer = store.query(path.read_text(encoding="utf-8"))
    except SyntaxError as error:
        place = (path, error.lineno, error.offset)
        raise VocabularyError(parser_problem(error), "", *place) from None
    if not isinstance(answer, QueryTriples):
        raise VocabularyError("a rule must be a CONSTRUCT query", "", path)
    for triple in answer:
        yield Triple(triple.subject, triple.predicate, triple.object)
