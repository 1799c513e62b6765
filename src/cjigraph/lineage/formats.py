"""A lineage as a file: for people, for other programs, for drawing."""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING, Any

import networkx as nx

from cjigraph import vocab
from cjigraph.errors import InputError, did_you_mean, one_line
from cjigraph.lineage import Link, cycles, links
from cjigraph.lineage.tree import tree

if TYPE_CHECKING:
    from collections.abc import Callable

    from cjigraph.networks import Network

COLUMNS = ("later", "relation", "earlier", "years", "sources")


def write(
    graph: Network,
    format_: str = "tree",
    depth: int | None = None,
    direction: str = "both",
) -> bytes:
    """Return a lineage in one of `FORMATS`, the same bytes for the same graph.

    `graph` is what `lineage.of` returned for this `depth` and `direction`.
    """
    if format_ == "tree":
        return tree(graph, depth, direction).encode()
    if format_ not in _WRITERS:
        cure = did_you_mean(format_, FORMATS) or f"known are {', '.join(FORMATS)}"
        raise InputError(f'a lineage has no format "{format_}"', cure)
    return _WRITERS[format_](graph).encode()


def _table(graph: Network) -> str:
    """Return the links in columns, each as wide as its widest cell."""
    rows = [COLUMNS, *(_row(graph, link) for link in links(graph))]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
    return "\n".join(lines) + "\n"


def _row(graph: Network, link: Link) -> tuple[str, ...]:
    said = (
        graph.nodes[link.later]["label"],
        graph.edges[link.later, link.earlier, link.relation]["label"],
        graph.nodes[link.earlier]["label"],
        "" if link.years is None else str(link.years),
        "; ".join(source.label for source in link.sources),
    )
    return tuple(map(one_line, said))


def _json(graph: Network) -> str:
    nodes = [{"id": thing, **_plain(graph.nodes[thing])} for thing in sorted(graph)]
    edges = [
        {**link._asdict(), "label": graph.edges[link[0], link[2], link[1]]["label"],
         "inferred": bool(graph.edges[link[0], link[2], link[1]].get("inferred")),
         "sources": [source._asdict() for source in link.sources]}
        for link in links(graph)
    ]  # fmt: skip
    found = {
        "roots": graph.graph.get("roots", []),
        "nodes": nodes,
        "links": edges,
        "cycles": cycles(graph),
    }
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def _plain(node: dict[str, Any]) -> dict[str, Any]:
    kept = ("label", "kind", "class", "years", "who", "alt", "start", "end")
    reports = [
        {"label": label, "date": when} for label, when in node.get("reports", ())
    ]
    return {key: node[key] for key in kept if key in node} | {"reports": reports}


def flat(graph: Network) -> Network:
    """Return a copy whose attributes are all text, as XML formats demand."""
    copy: Network = nx.MultiDiGraph()
    for thing in sorted(graph):
        node = graph.nodes[thing]
        said = {
            key: node.get(key, "") for key in ("label", "kind", "class", "years", "who")
        }
        reports = "; ".join(
            ", ".join(filter(None, each)) for each in node.get("reports", ())
        )
        copy.add_node(thing, **{key: _xml(text) for key, text in said.items()})
        copy.nodes[thing]["reports"] = _xml(reports)
    for number, link in enumerate(links(graph)):
        copy.add_edge(
            link.later,
            link.earlier,
            f"link-{number}",  # unlike a relation, unique in the file, as GraphML wants
            relation=link.relation,
            label=_xml(graph.edges[link.later, link.earlier, link.relation]["label"]),
            years="" if link.years is None else str(link.years),
            sources=" ".join(source.iri for source in link.sources),
        )
    return copy


_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _xml(text: str) -> str:
    """Return text without the characters that XML 1.0 cannot hold."""
    return _NOT_XML.sub("\ufffd", text)


def _graphml(graph: Network) -> str:
    return "\n".join(nx.generate_graphml(flat(graph))) + "\n"


def _gexf(graph: Network) -> str:
    target = io.BytesIO()
    nx.write_gexf(flat(graph), target)
    text = target.getvalue().decode()
    # The writer puts in today's date, and the same graph would give other bytes.
    return re.sub(r' lastmodifieddate="[^"]*"', "", text) + "\n"


def _dot(graph: Network) -> str:
    lines = ["digraph lineage {", "  rankdir=BT;", "  node [shape=box];"]
    lines += [
        f"  {_quoted(vocab.shorten(thing))} [label={_quoted(_title(graph, thing))}];"
        for thing in sorted(graph)
    ]
    for link in links(graph):
        ends = (vocab.shorten(end) for end in (link.later, link.earlier))
        label = graph.edges[link.later, link.earlier, link.relation]["label"]
        lines.append(f"  {' -> '.join(map(_quoted, ends))} [label={_quoted(label)}];")
    return "\n".join([*lines, "}"]) + "\n"


def _title(graph: Network, thing: str) -> str:
    node = graph.nodes[thing]
    years = node.get("years")
    return f"{node['label']} ({years})" if years else str(node["label"])


def _quoted(text: str) -> str:
    """Return a string of the DOT language, in which only quotes need an escape."""
    return '"' + one_line(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _mermaid(graph: Network) -> str:
    names = {thing: f"n{number}" for number, thing in enumerate(sorted(graph), start=1)}
    lines = ["flowchart BT"]
    lines += [
        f'  {name}["{_entity(_title(graph, thing))}"]' for thing, name in names.items()
    ]
    for link in links(graph):
        label = graph.edges[link.later, link.earlier, link.relation]["label"]
        lines.append(
            f'  {names[link.later]} -->|"{_entity(label)}"| {names[link.earlier]}'
        )
    return "\n".join(lines) + "\n"


def _entity(text: str) -> str:
    """Return text in which nothing can end a Mermaid label or be taken for markup."""
    return re.sub(r"[^\w ,.()'-]", lambda found: f"#{ord(found[0])};", one_line(text))


_WRITERS: dict[str, Callable[[Network], str]] = {
    "table": _table,
    "json": _json,
    "dot": _dot,
    "graphml": _graphml,
    "gexf": _gexf,
    "mermaid": _mermaid,
}
FORMATS = ("tree", *_WRITERS)
"""What a lineage can be written as."""
