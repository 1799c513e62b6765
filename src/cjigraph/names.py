"""Find a thing by what people call it.

A name is an IRI, a prefixed name, a slug, a label, an acronym, or any other name that a
source gives the thing, right or wrong. Capitals and spacing do not matter in labels.
"""

from __future__ import annotations

import re

from pyoxigraph import DefaultGraph, Literal, NamedNode

from cjigraph import vocab
from cjigraph.errors import QueryError
from cjigraph.vocab import ID, KINDS, LABEL, PREFIXES, shorten

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import BlankNode, Store, Triple

    Term = NamedNode | BlankNode | Literal | Triple

ANY = "thing"
"""The kind of anything that has an IRI."""

_OTHER_NAMES = (vocab.iri("skos:altLabel"), vocab.iri("skos:hiddenLabel"))
_PRINCIPAL = (
    *("body", "consultation", "document", "inspection", "law", "person", "policy"),
    *("principle", "programme", "report", "review", "theme"),
)
"""Kinds that people ask for by name; a name these share with others means these."""
_ISSUED, _TOOK_PLACE = vocab.iri("dcterms:issued"), vocab.iri("cji:tookPlaceDuring")
_REPORTS_ON = vocab.iri("cji:reportsOn")
_DEFAULT = DefaultGraph()
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_YEAR = re.compile(r"[0-9]{4}")


class Thing:
    """Something with an IRI: its label, its kind, and the year it falls in, if said."""

    __slots__ = ("iri", "kind", "label", "year")

    def __init__(self, store: Store, iri: str) -> None:
        self.iri = iri
        self.kind = kind_of(iri)
        self.label = label(store, NamedNode(iri)) or ""
        self.year = _year(store, NamedNode(iri))

    def __str__(self) -> str:
        said = ", ".join(part for part in (self.label, self.kind, self.year) if part)
        return f"{shorten(self.iri)} ({said})" if said else shorten(self.iri)


def kind_of(iri: str) -> str:
    """Return the kind that the IRI of a thing of ours names, or an empty text.

    >>> kind_of("https://w3id.org/cjigraph/id/body/hmcpsi")
    'body'
    """
    kind, slash, _ = iri.removeprefix(ID).partition("/")
    return kind if slash and iri.startswith(ID) else ""


def label(store: Store, thing: Term) -> str | None:
    """Return the English label of a thing, or any label, or nothing."""
    if not isinstance(thing, NamedNode):
        return None
    found = list(_values(store, thing, LABEL))
    found.sort(key=lambda each: (each.language != "en", each.value))
    return found[0].value if found else None


def _values(store: Store, thing: NamedNode, property_: str) -> Iterator[Literal]:
    quads = store.quads_for_pattern(thing, NamedNode(property_), None, _DEFAULT)
    return (quad.object for quad in quads if isinstance(quad.object, Literal))


def _year(store: Store, thing: NamedNode) -> str:
    """Return the year a thing is dated: a report on it, or else when it took place."""
    reports = store.quads_for_pattern(None, NamedNode(_REPORTS_ON), thing, _DEFAULT)
    dated = [thing, *(quad.subject for quad in reports)]
    issued = [
        each.value
        for node in dated
        if isinstance(node, NamedNode)
        for each in _values(store, node, _ISSUED)
    ]
    during = [each.value for each in _values(store, thing, _TOOK_PLACE)]
    years = [found for found in map(_YEAR.search, sorted(issued) or during) if found]
    if not years:
        return ""
    begun = not issued and years[0].string.endswith("/..")
    return f"from {years[0][0]}" if begun else years[0][0]


def resolve(store: Store, name: str, kind: str = ANY) -> NamedNode:
    """Return the one thing of this kind that `name` means.

    A name that means none, or several alike, is a `QueryError` that says what else it
    may mean.
    """
    found = find(store, name, kind)
    if not found:
        raise unknown(store, name, kind)
    if len(found) > 1:
        means = " or ".join(str(Thing(store, iri)) for iri in found)
        raise QueryError(f'"{name}" may mean {means}', "give one of these")
    return NamedNode(found[0])


def find(store: Store, name: str, kind: str = ANY) -> list[str]:
    """Return the IRIs that `name` means, in order; several if it means them alike.

    A slug or a label goes before an acronym or another name, and a thing that people
    ask for by name before a part of something.
    """
    iri = as_iri(name)
    if iri:
        return [iri] if _is_known(store, iri) and _is_a(iri, kind) else []
    slugs = sorted(_by_slug(store, name, kind))
    if slugs and kind != ANY:
        return slugs
    found = {*slugs, *_named(store, name, kind, LABEL)}
    found = found or {*_named(store, name, kind, *_OTHER_NAMES)}
    principal = {each for each in found if kind_of(each) in _PRINCIPAL}
    return sorted(principal or found)


def as_iri(name: str) -> str:
    """Return the IRI that a name spells out, in full or with a prefix, if it does.

    >>> as_iri("body:hmcpsi")
    'https://w3id.org/cjigraph/id/body/hmcpsi'
    """
    bare = name[1:-1] if name.startswith("<") and name.endswith(">") else name
    prefix, colon, local = bare.partition(":")
    if not colon or " " in bare:
        return ""
    if local.startswith("//"):
        return bare
    return PREFIXES[prefix] + local if prefix in PREFIXES else ""


def _is_a(iri: str, kind: str) -> bool:
    return kind in (ANY, kind_of(iri))


def _is_known(store: Store, iri: str) -> bool:
    try:
        node = NamedNode(iri)
    except ValueError:
        return False
    about = store.quads_for_pattern(node, None, None, _DEFAULT)
    of_it = store.quads_for_pattern(None, None, node, _DEFAULT)
    return any(True for _ in about) or any(True for _ in of_it)


def _by_slug(store: Store, name: str, kind: str) -> Iterator[str]:
    if not _SLUG.fullmatch(name):
        return
    for each in KINDS if kind == ANY else (kind,):
        if _is_known(store, f"{ID}{each}/{name}"):
            yield f"{ID}{each}/{name}"


def _named(store: Store, name: str, kind: str, *properties: str) -> Iterator[str]:
    """Yield what has this name, whatever its capitals and spacing."""
    wanted = _plain(name)
    return (
        iri for iri, said in names(store, kind, properties) if _plain(said) == wanted
    )


def names(
    store: Store, kind: str, properties: Iterable[str] = (LABEL, *_OTHER_NAMES)
) -> Iterator[tuple[str, str]]:
    """Yield the IRI and the name of everything of a kind, once for each name."""
    start = ID if kind == ANY else f"{ID}{kind}/"
    for property_ in properties:
        quads = store.quads_for_pattern(None, NamedNode(property_), None, _DEFAULT)
        for quad in quads:
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
                iri, said = quad.subject.value, quad.object.value
                if iri.startswith(start):
                    yield iri, said


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def unknown(store: Store, name: str, kind: str = ANY) -> QueryError:
    """Return the error that nothing is called `name`, with what comes nearest."""
    iri = as_iri(name)
    if iri and _is_known(store, iri):
        return QueryError(f"{shorten(iri)} is not {_a(kind)}", f"name {_a(kind)}")
    near = nearest(store, name, kind)
    cure = f"did you mean {' or '.join(near)}?" if near else "try another name for it"
    return QueryError(f'nothing is called "{name}"' + _among(kind), cure)


def _among(kind: str) -> str:
    return "" if kind == ANY else f" that is {_a(kind)}"


def _a(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


def nearest(store: Store, name: str, kind: str = ANY, most: int = 3) -> list[str]:
    """Return a few names near to `name`, each with its prefixed IRI."""
    from difflib import get_close_matches  # slow to import, and only failures need it

    known: dict[str, str] = {}
    for iri, said in names(store, kind):
        known.setdefault(_plain(said), iri)
        known.setdefault(iri.rpartition("/")[2], iri)
    wanted = _plain(name.rpartition(":")[2])
    near = [each for each in sorted(known, key=len) if wanted and wanted in each]
    near += get_close_matches(wanted, sorted(known), n=2 * most)
    iris = list(dict.fromkeys(known[each] for each in near))
    return [str(Thing(store, iri)) for iri in iris[:most]]
