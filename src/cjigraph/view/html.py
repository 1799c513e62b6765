"""A picture becomes one HTML file that needs nothing else and sends for nothing."""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup, escape

from cjigraph import vocab
from cjigraph.record.spans import span
from cjigraph.view import palette
from cjigraph.view.layout.columns import columns
from cjigraph.view.layout.force import force
from cjigraph.view.layout.timed import timed
from cjigraph.view.opening import opening
from cjigraph.view.pictures import when
from cjigraph.view.summary import summary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from cjigraph.networks import Fact, Network, Source
    from cjigraph.view.layout import Layout
    from cjigraph.view.opening import Opening
    from cjigraph.view.pictures import Picture

    Href = Callable[[str], str]

_FOLDER = Path(__file__).parent
_SCRIPTS = (
    *("data", "trails", "shown", "search", "shapes", "state", "picture", "legend"),
    *("time", "details", "tables", "downloads", "start"),
)
"""Our scripts, in the order in which each may use what stands before it."""

_STATIC_ROWS = 1000  # of each table, for readers whose browsers run no scripts


class View:
    """A page: shows itself in a notebook, and saves itself as one file."""

    def __init__(self, title: str, html: str) -> None:
        self.title = title
        self.html = str(html)  # plain text, so that it is escaped within another page

    def save(self, path: str | Path) -> Path:
        """Write the page as one file, whole or not at all, and return its path."""
        from cjigraph.store import write_whole

        target = Path(path)
        write_whole(target, self.html.encode("utf-8"))
        return target

    def _repr_html_(self) -> str:
        """Show the page in a frame of its own, shut off from the notebook's page."""
        rights = "allow-scripts allow-downloads allow-popups"
        return (
            f'<iframe title="{escape(self.title)}" width="100%" height="820" '
            f'style="border:0" sandbox="{rights} allow-popups-to-escape-sandbox" '
            f'srcdoc="{escape(self.html)}"></iframe>'
        )


def draw(picture: Picture, href: Href = str) -> View:
    """Return the page of a picture; `href` turns a thing's IRI into its address."""
    return write(picture, place(picture), href)


class Placed:
    """A picture's opening view, and where things stand in it and in the whole."""

    def __init__(self, chosen: Opening, first: Layout, whole: Layout) -> None:
        self.opening = chosen
        self.first = first
        self.whole = whole


def place(picture: Picture) -> Placed:
    """Return where everything in a picture stands: the costly part of a page."""
    chosen = opening(picture)
    first = _layout(picture, picture.graph.subgraph(chosen.things))
    everything = len(chosen.things) == len(picture.graph)
    return Placed(
        chosen, first, first if everything else _layout(picture, picture.graph)
    )


def _layout(picture: Picture, graph: Network) -> Layout:
    if picture.shape == "timed":
        return timed(graph, _years(graph))
    if picture.shape in ("columns", "stages"):
        by_year = picture.shape == "columns"
        return columns(graph, _stage(graph, by_year=by_year), _heading, _turn(graph))
    return force(graph)


def _years(graph: Network) -> dict[str, float]:
    return {name: year for name in graph if (year := when(graph.nodes[name]))}


_STAGES = ("consultation", "programme", "entry", "inspection", "report")
_HEADINGS = ("Consulted on", "Programme", "Entries", "Work", "Reports")


def _stage(graph: Network, *, by_year: bool) -> Callable[[str], tuple[int, int]]:
    """Return in which column a thing stands: its year, if asked, and what it is.

    What a programme lists stands in the programme's year, if it lasted into it.
    """
    own = {name: int(year) for name, year in _years(graph).items()}
    kind: dict[str, str] = {name: node["kind"] for name, node in graph.nodes(data=True)}
    years = {name: year for name, year in own.items() if kind[name] == "programme"}
    for entry, listing, relation in graph.edges(keys=True):
        if relation in ("cji:isEntryIn", "cji:isConsultationOn") and listing in years:
            years[entry] = min(years[listing], years.get(entry, years[listing]))
    for entry, work, relation in graph.edges(keys=True):
        if relation == "cji:plans" and entry in years:
            years[work] = min(years[entry], years.get(work, years[entry]))
            last = graph.nodes[work].get("end")
            if last and int(last[:4]) < years[work]:
                years[work] = own[work]
    years = own | years

    def column(name: str) -> tuple[int, int]:
        stage = _STAGES.index(kind[name]) if kind[name] in _STAGES else len(_STAGES)
        return (years.get(name, 0) if by_year else 0), stage

    return column


def _turn(graph: Network) -> Callable[[str], tuple[float, int, str]]:
    """Return which thing comes first: by year, then by place in its programme."""
    years = _years(graph)
    plans = {
        entry: plan
        for entry, plan, relation in graph.edges(keys=True)
        if relation == "cji:isEntryIn"
    }

    def turn(name: str) -> tuple[float, int, str]:
        year = years.get(plans.get(name, name), 0.0)
        facts = graph.nodes[name]["facts"]
        places = [int(f.value) for f in facts if f.relation == "cji:position"]
        return year, min(places, default=0), name

    return turn


def _heading(column: tuple[int, int]) -> str:
    year, stage = column
    name = _HEADINGS[stage] if stage < len(_HEADINGS) else "Other"
    return f"{name}, {year}" if year else name


def write(picture: Picture, placed: Placed, href: Href = str) -> View:
    """Return the page of a picture whose things have their places."""
    holder = _Content(picture.graph, href)
    network = holder.network(placed)
    nodes, edges, *_, options = network.get_network_data()
    data = {
        "view": _about(picture, placed),
        "kinds": holder.kinds(picture),
        "relations": holder.relations(),
        "sources": holder.sources,
        "nodes": nodes,
        "edges": edges,
        "options": json.loads(options),
    }
    looks = style("page.css")
    html = render(
        "page.html.j2",
        title=picture.title,
        about=picture.about,
        sentences=summary(picture.graph),
        data=data,
        things=_thing_rows(nodes, data["kinds"]),
        links=_link_rows(nodes, edges, data["relations"], holder.sources),
        style=looks,
        scripts=[_engine(), _script()],
        policy=policy([_engine(), _script()], looks),
    )
    return View(picture.title, html)


def _about(picture: Picture, placed: Placed) -> dict[str, Any]:
    return {
        "name": picture.name,
        "title": picture.title,
        "back": picture.back,
        "forth": picture.forth,
        "rule": placed.opening.rule,
        "axis": [list(tick) for tick in placed.first.axis],
        "axisAll": [list(tick) for tick in placed.whole.axis],
        "timed": picture.shape == "timed",
    }


class _Content:
    """What a page holds: things, links and sources, each named once by a number."""

    def __init__(self, graph: Network, href: Href) -> None:
        self._graph = graph
        self._href = href
        self._number = {name: number for number, name in enumerate(graph)}
        self._kind_of: dict[tuple[str, str], int] = {}
        self._relation_of: dict[tuple[str, str], int] = {}
        self._pointing: set[int] = set()
        self._source_of: dict[Source, int] = {}
        self.sources: list[list[str]] = []

    def network(self, placed: Placed) -> Any:
        """Return the network as pyvis holds it.

        Its own `add_node` searches a list for each, which takes minutes for thousands:
        so things go into its lists directly.
        """
        from pyvis.edge import Edge
        from pyvis.network import Network
        from pyvis.node import Node

        network = Network(directed=True)
        network.set_options(json.dumps(_OPTIONS))
        shown = frozenset(placed.opening.things)
        for name, number in self._number.items():
            node = self._graph.nodes[name]
            kind = self._kind(node)
            looks = palette.look(node["kind"])
            said = self._thing(name, node, placed, name in shown)
            label = _shown(plain(node.get("short") or "") or said["name"])
            item = Node(number, looks.shape, label, group=kind, **said)
            network.nodes.append(item.options)
            network.node_ids.append(number)
            network.node_map[number] = item.options
        ends = Counter(tuple(sorted(edge)) for edge in self._graph.edges())
        seen: Counter[tuple[str, ...]] = Counter()
        for one, other, link in self._graph.edges(data=True):
            pair = tuple(sorted((one, other)))
            seen[pair] += 1
            bend = _bend(one, other, seen[pair], ends[pair], placed)
            said = self._link(link, bend)
            item = Edge(self._number[one], self._number[other], directed=True, **said)
            network.edges.append(item.options)
        return network

    def _kind(self, node: Mapping[str, Any]) -> int:
        key = node["kind"], node["class_label"]
        return self._kind_of.setdefault(key, len(self._kind_of))

    def _thing(
        self, name: str, node: Mapping[str, Any], placed: Placed, is_open: bool
    ) -> dict[str, Any]:
        first, last = _extent(node)
        said: dict[str, Any] = {
            "name": plain(node["label"]).strip() or vocab.shorten(name),
            "key": vocab.shorten(name),
            "iri": name,
            "href": safe_href(self._href(name)),
            "alt": [plain(other) for other in node["alt"]],
            "facts": [self._fact(fact) for fact in node["facts"]],
            "from": first,
            "to": last,
            "open": is_open,
        }
        x, y = placed.whole.positions[name]
        said["all"] = [x, y]
        said["x"], said["y"] = placed.first.positions.get(name, (x, y))
        if name in placed.whole.guessed or name in placed.first.guessed:
            said["guessed"] = True
        return said

    def _fact(self, fact: Fact) -> list[Any]:
        return [fact.label, plain(fact.value), self._sources(fact.sources)]

    def _link(self, link: Mapping[str, Any], bend: float) -> dict[str, Any]:
        label = link["label"]
        relation = self._relation_of.setdefault(
            (link["relation"], label), len(self._relation_of)
        )
        if link.get("directed", True):
            self._pointing.add(relation)
        said = {
            "kind": relation,
            "said": self._sources(link["sources"]),
            "arrows": "to" if link.get("directed", True) else "",
            "bend": bend,
            "value": link.get("weight", 1),
        }
        if link.get("inferred"):
            said["inferred"] = True
        if link.get("works"):
            said["works"] = [
                [
                    *(
                        plain(label),
                        safe_href(self._href(work)),
                        self._sources(sources),
                    ),
                    *(day and day.isoformat() for day in lasted),
                ]
                for work, label, sources, lasted in link["works"]
            ]
        first, last = _extent(link)
        return said | {
            side: day for side, day in (("from_", first), ("to_", last)) if day
        }

    def _sources(self, sources: Iterable[Source]) -> list[int]:
        return [self._source(source) for source in sources]

    def _source(self, source: Source) -> int:
        if source not in self._source_of:
            self._source_of[source] = len(self.sources)
            href, page = self._href(source.iri), source.address or ""
            words = [plain(source.label), plain(source.locator)]
            self.sources.append([*words, safe_href(href), safe_href(page)])
        return self._source_of[source]

    def kinds(self, picture: Picture) -> list[dict[str, Any]]:
        """Return how each kind of thing is called and drawn, by its number."""
        return [
            {
                "kind": kind,
                "label": plain(label),
                "mark": palette.mark(plain(label)),
                "shape": palette.look(kind).shape,
                "hue": list(palette.look(kind).hue),
                "off": kind in picture.off,
            }
            for kind, label in self._kind_of
        ]

    def relations(self) -> list[dict[str, Any]]:
        """Return how each kind of link is called and drawn, by its number."""
        return [
            {
                "key": plain(key),
                "label": plain(label),
                "hue": list(palette.line(key).hue),
                "dashes": list(palette.line(key).dashes),
                "points": number in self._pointing,
            }
            for (key, label), number in self._relation_of.items()
        ]


_OPTIONS = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False, "randomSeed": 1},
    "nodes": {"borderWidth": 1.5, "font": {"size": 0}},
    "edges": {"smooth": False, "arrows": {"to": {"scaleFactor": 0.5}}},
    "interaction": {
        "hover": True,
        "dragNodes": False,
        "keyboard": False,
        "selectConnectedEdges": False,
    },
}
"""What vis-network is told: nothing moves of itself."""

_LASTING = frozenset({"report", "law", "policy", "review", "document"})
"""Kinds of thing that are there from their date on."""


def _extent(node: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Return the first and the last day, as ISO texts, on which something was there."""
    first = span(node.get("start", "")).first
    last = None if node.get("kind") in _LASTING else span(node.get("end", "")).last
    return first.isoformat() if first else None, last.isoformat() if last else None


def _shown(label: str) -> str:
    """Return the label for the picture, which has room for so much at the most."""
    return label if len(label) <= _LONGEST else label[: _LONGEST - 1].rstrip() + "…"


_LONGEST = 66


def _bend(one: str, other: str, turn: int, many: int, placed: Placed) -> float:
    """Return how far a link bows: none alone, each otherwise where two share ends.

    In a picture in rows, one that would run through the things between bows as well.
    """
    if one == other:
        return 0.0
    side = 1 if one < other else -1  # a link back bows to the other side of its twin
    if many > 1:
        return round(side * 0.16 * (turn - (many + 1) / 2), 3)
    rows = placed.first.axis and placed.first.positions
    if rows and one in rows and other in rows and rows[one][1] == rows[other][1]:
        between = sorted((rows[one][0], rows[other][0]))
        level = (x for x, y in rows.values() if y == rows[one][1])
        if any(between[0] < x < between[1] for x in level):
            return 0.3
    return 0.0


def plain(text: str) -> str:
    r"""Return a text without the characters that neither XML nor a screen can show.

    >>> plain("a\x00b")
    'a\ufffdb'
    """
    return text.translate(_UNSHOWABLE)


_UNSHOWABLE = dict.fromkeys(
    (
        *(*range(9), 11, 12, *range(14, 32), *range(0x7F, 0xA0)),
        *(*range(0xD800, 0xE000), 0xFFFE, 0xFFFF),
    ),
    "\ufffd",
)


def safe_href(address: str) -> str:
    """Return an address that may be linked to, or nothing if following it could harm.

    >>> safe_href("javascript:alert(1)"), safe_href("https://example.org/")
    ('', 'https://example.org/')
    """
    scheme, colon, _ = address.partition(":")
    is_whole = bool(colon) and "/" not in scheme and "#" not in scheme
    if is_whole and scheme.lower() not in ("http", "https", "mailto"):
        return ""
    return "" if address.startswith("//") or address != address.strip() else address


def _thing_rows(
    nodes: list[dict[str, Any]], kinds: list[dict[str, Any]]
) -> list[tuple[str, ...]]:
    order = sorted(
        nodes, key=lambda node: (not node["open"], node["name"], node["key"])
    )
    kind = [each["label"] for each in kinds]
    return [
        (
            each["name"],
            kind[each["group"]],
            each["from"] or "",
            each["to"] or "",
            each["href"],
        )
        for each in order[:_STATIC_ROWS]
    ]


def _link_rows(
    nodes: list[dict[str, Any]],
    edges: list[dict[str, Any]],
    relations: list[dict[str, Any]],
    sources: list[list[str]],
) -> list[tuple[str, str, str, list[list[str]]]]:
    rows = [
        (
            nodes[edge["from"]]["name"],
            relations[edge["kind"]]["label"],
            nodes[edge["to"]]["name"],
            [sources[number] for number in edge["said"]],
        )
        for edge in edges
        if nodes[edge["from"]]["open"] and nodes[edge["to"]]["open"]
    ]
    return sorted(rows, key=lambda row: row[:3])[:_STATIC_ROWS]


def render(template: str, **values: object) -> Markup:
    """Return what one of our templates makes of these values, escaped as it must be."""
    text = _environment().get_template(template).render(values)
    return Markup(text)  # noqa: S704 (templates escape whatever is not ours)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"plain": plain, "safe_href": safe_href}
    environment.policies["json.dumps_kwargs"] = {
        "ensure_ascii": False,
        "separators": (",", ":"),
    }
    return environment


@cache
def _engine() -> Markup:
    """Return vis-network as pyvis brings it, without the pointer to its source map."""
    import pyvis

    path = Path(pyvis.__file__).parent / "lib" / "vis-9.1.2" / "vis-network.min.js"
    lines = path.read_text(encoding="utf-8").split("\n")
    kept = [line for line in lines if not line.startswith("//# sourceMappingURL")]
    return _inline("\n".join(kept))


@cache
def _script() -> Markup:
    texts = [
        (_FOLDER / "script" / f"{name}.js").read_text(encoding="utf-8")
        for name in _SCRIPTS
    ]
    return _inline("(() => {\n'use strict';\n" + "\n".join(texts) + "})();\n")


@cache
def style(name: str) -> Markup:
    """Return one of our style sheets."""
    return _inline((_FOLDER / name).read_text(encoding="utf-8"))


def _inline(text: str) -> Markup:
    """Return a script or style that may stand in a page as it is."""
    if any(end in text.lower() for end in ("</script", "</style", "<!--")):
        raise ValueError("a script or style would end before its end")
    return Markup(text)  # noqa: S704 (our own files and the engine's, never data)


def policy(scripts: Iterable[str], style: str) -> str:
    """Return what the page may do: run and look as written here, and nothing else."""
    allowed = " ".join(_digest(script) for script in scripts)
    return (
        f"default-src 'none'; script-src {allowed}; style-src {_digest(style)}; "
        "img-src blob: data:; base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
