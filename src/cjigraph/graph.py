"""The graph as a Python object: query it, ask named questions, look things up."""

from __future__ import annotations

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, Variable

from cjigraph import query as queries
from cjigraph.errors import QueryError
from cjigraph.names import as_iri, label, resolve
from cjigraph.store import open_store
from cjigraph.vocab import PREFIXES, XSD

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from datetime import date

    import networkx
    import rdflib
    from pyoxigraph import Store

    from cjigraph.names import Term
    from cjigraph.query import Question
    from cjigraph.record import Record
    from cjigraph.result import Result

    Path = str | os.PathLike[str]


def load(store: Path | None = None, as_of: date | str | None = None) -> Graph:
    """Open a graph: the bundled one, an N-Quads or Turtle file, or a store's folder.

    With `as_of`, a day, it is the graph that the sources published by that day would
    have made; see `asof`.
    """
    opened = open_store(store)
    if as_of is not None:
        from cjigraph.asof import on_day

        opened = on_day(opened, as_of)
    return Graph(opened, "the bundled graph" if store is None else store)


class Graph:
    """A knowledge graph of criminal justice joint inspection.

    Queries need not declare our prefixes, and may not reach the network.
    """

    def __init__(self, store: Store, name: Path = "a graph") -> None:
        self.store = store
        self._name = name
        self._rdflib: rdflib.Dataset | None = None
        self._record: Record | None = None
        self._questions: dict[str, Question] | None = None

    def query(self, text: str, /, **values: object) -> Result:
        """Return the answer to SPARQL `text`.

        Each of `values` is put in the place of the variable of that name, which must be
        among the columns. Text that is an IRI or a prefixed name means that thing; any
        other is a literal without a language.
        """
        terms = {Variable(name): _term(each) for name, each in values.items()}
        return self._labelled(queries.run(self.store, text, terms))

    def ask(self, question: str, /, **values: object) -> Result:
        """Return the answer to a named question, its parameters by their names.

        A thing may be given by its slug, label, acronym or IRI.
        """
        given = {name: str(each) for name, each in values.items()}
        answer = queries.ask(queries.question(question), given, self.store)
        return self._labelled(answer)

    def _labelled(self, answer: Result) -> Result:
        """Give an answer the labels that a notebook shows in the place of IRIs."""
        answer.labels = lambda iri: label(self.store, NamedNode(iri))
        return answer

    def lineage(
        self, name: str, depth: int | None = None, direction: str = "both"
    ) -> networkx.MultiDiGraph[str]:
        """Return what a thing descends from, and what descends from it.

        Links run from the later to the earlier; `cjigraph.lineage` tells more and asks
        questions of it. `direction` may be "up" or "down".
        """
        from cjigraph import lineage

        thing = resolve(self.store, name).value
        return lineage.of(self.record, thing, depth, direction)

    def collaboration(
        self, start: str | None = None, end: str | None = None
    ) -> networkx.Graph[str]:
        """Return the bodies that inspect, joined where they have done so together.

        `start` and `end` narrow it to the work of some years; `cjigraph.collaboration`
        makes tables of it.
        """
        from cjigraph import collaboration

        return collaboration.network(self.record, start, end)

    def coverage(
        self, start: str | None = None, end: str | None = None
    ) -> networkx.MultiDiGraph[str]:
        """Return work and the themes, processes, issues and agencies that it covers.

        `start` and `end` narrow it to the work of some years; `cjigraph.coverage` makes
        tables of the record.
        """
        from cjigraph import coverage

        return coverage.network(self.record, start, end)

    @property
    def record(self) -> Record:
        """All inspection work on record, read when it is first asked for."""
        if self._record is None:
            from cjigraph import record

            self._record = record.read(self.store)
        return self._record

    def show(self, name: str, documents: Path | None = None) -> str:
        """Return in words what is said of a thing, each fact with its source.

        With `documents`, a folder of your own copies of the sources, the sentence that
        a fact is taken from stands beneath it.
        """
        from cjigraph import describe

        return describe.describe(self.store, name, documents)

    @property
    def questions(self) -> dict[str, Question]:
        """The named questions, by name."""
        if self._questions is None:
            self._questions = queries.questions()
        return self._questions

    @property
    def rdflib(self) -> rdflib.Dataset:
        """A copy of the graph as a dataset of rdflib, made when it is first asked for.

        Its default graph and named graphs are ours. rdflib's own `query` follows
        SERVICE and FROM to wherever they lead: see its security considerations.
        """
        if self._rdflib is None:
            self._rdflib = _dataset(self.store)
        return self._rdflib

    def __len__(self) -> int:
        """Return how many quads there are: a statement counts in each of its graphs."""
        return len(self.store)

    def __repr__(self) -> str:
        return f"<Graph: {self._name}, {len(self)} quads>"


def _term(value: object) -> Term:
    """Return the RDF term that a Python value means."""
    if isinstance(value, (BlankNode, Literal, NamedNode, Triple)):
        return value
    if isinstance(value, (bool, int, float)):
        return Literal(value)
    iri = as_iri(value) if isinstance(value, str) else ""
    return _node(iri) if iri else _literal(value)


def _node(iri: str) -> NamedNode:
    try:
        return NamedNode(iri)
    except ValueError as error:
        raise QueryError(f"not an IRI: {iri}", str(error)) from None


def _literal(value: object) -> Literal:
    from datetime import date, datetime
    from decimal import Decimal

    if isinstance(value, datetime):
        return Literal(value.isoformat(), datatype=NamedNode(XSD + "dateTime"))
    if isinstance(value, date):
        return Literal(value.isoformat(), datatype=NamedNode(XSD + "date"))
    if isinstance(value, Decimal):
        return Literal(f"{value:f}", datatype=NamedNode(XSD + "decimal"))
    return Literal(str(value))


def _dataset(store: Store) -> rdflib.Dataset:
    from warnings import catch_warnings, simplefilter

    import rdflib

    dataset = rdflib.Dataset()
    for prefix, namespace in PREFIXES.items():
        dataset.bind(prefix, namespace, replace=True)
    with catch_warnings():
        simplefilter("ignore", DeprecationWarning)  # rdflib warns of its own code
        return dataset.parse(data=store.dump(format=RdfFormat.N_QUADS), format="nquads")
