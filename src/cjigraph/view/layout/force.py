"""Links pull and things push: a layout for networks that have no order of their own."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np

from cjigraph.view.layout import HEIGHT, SYMBOL, WIDTH, Layout, label_size, rounded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cjigraph.networks import Network
    from cjigraph.view.layout import Array, Positions

_SEED = 2019
_ROUNDS = 50
_FEW = 400  # up to here there is time for a finer layout, which costs the square
_CORE = 3000  # beyond here things are set around those that forces place
_TURN = math.pi * (3 - math.sqrt(5))  # the golden angle: no two things in one line


def force(graph: Network) -> Layout:
    """Return a layout by forces, in which separate parts stand side by side."""
    if len(graph) > _CORE:
        return Layout(_with_satellites(graph), [])
    if not len(graph):
        return Layout({}, [])
    parts = [sorted(part) for part in nx.weakly_connected_components(graph)]
    parts.sort(key=lambda part: (-len(part), part))
    names = [name for part in parts for name in part]
    packed = _packed([_part(graph, part) for part in parts])
    return Layout(rounded(names, _spread(graph, names, packed)), [])


def _part(graph: Network, names: Sequence[str]) -> Array:
    """Return one connected part, in a frame that suits how many things it has."""
    if len(names) == 1:
        return np.zeros((1, 2))
    points = _springs(graph, names)
    points = points - points.min(axis=0)
    extent = points.max(axis=0)
    room = math.sqrt(len(names)) * 90
    frame = np.array([room * 1.25, room * 0.8])
    return np.asarray(points / np.where(extent > 0, extent, 1) * frame)


def _springs(graph: Network, names: Sequence[str]) -> Array:
    import rustworkx as rx

    springs = _plain(graph, names)
    few = len(names) <= _FEW
    placed = rx.spring_layout(
        springs,
        pos=_sunflower(len(names)),
        k=1.6 / math.sqrt(len(names)),
        num_iter=4 * _ROUNDS if few else _ROUNDS,
        seed=_SEED,
    )
    points = np.array([placed[index] for index in range(len(names))])
    return _relaxed(springs, points) if few else points


def _plain(graph: Network, names: Sequence[str]) -> Any:
    """Return the part as rustworkx holds it, without direction and double links."""
    import rustworkx as rx

    number = {name: index for index, name in enumerate(names)}
    plain: Any = rx.PyGraph(multigraph=False)
    plain.add_nodes_from(range(len(names)))
    plain.add_edges_from(
        [
            (number[one], number[other], 1.0)
            for one, other in graph.edges(names)
            if one != other and other in number
        ]
    )
    return plain


def _sunflower(number: int) -> dict[int, tuple[float, float]]:
    """Start everything on a sunflower, so that no two things begin in one place."""
    reach = [math.sqrt((index + 0.5) / number) for index in range(number)]
    return {
        index: (far * math.cos(index * _TURN), far * math.sin(index * _TURN))
        for index, far in enumerate(reach)
    }


def _relaxed(plain: Any, points: Array) -> Array:
    """Move things until distances on paper are like distances along links.

    This is stress majorization, which keeps hubs from drawing everything into a lump.
    """
    import rustworkx as rx

    far = np.maximum(rx.distance_matrix(plain, null_value=1), 1)
    weight = far**-2.0
    np.fill_diagonal(weight, 0)
    total = weight.sum(axis=1, keepdims=True)
    for _ in range(100):
        across, down = (axis[:, None] - axis[None, :] for axis in points.T)
        length = np.sqrt(across**2 + down**2)
        pull = weight * far / np.maximum(length, 1e-9)
        moved = ((pull * across).sum(axis=1), (pull * down).sum(axis=1))
        points = (weight @ points + np.column_stack(moved)) / total
    return points


def _packed(parts: Sequence[Array]) -> Array:
    """Set parts beside and below one another, in about the shape of the picture."""
    pad = np.array([110.0, 60.0])
    sizes = [part.max(axis=0) - part.min(axis=0) + pad for part in parts]
    area = sum(float(width * height) for width, height in sizes)
    widest = max(float(width) for width, _ in sizes)
    broad = max(math.sqrt(area * WIDTH / HEIGHT), widest) * 1.02
    x = y = tall = 0.0
    placed = []
    for part, (width, height) in zip(parts, sizes, strict=True):
        if x and x + width > broad:
            x, y, tall = 0.0, y + tall, 0.0
        placed.append(part - part.min(axis=0) + np.array([x, y]) + pad / 2)
        x, tall = x + width, max(tall, float(height))
    return np.vstack(placed)


def _spread(graph: Network, names: Sequence[str], points: Array) -> Array:
    """Fill the frame, then push things apart until labels have room."""
    growth = max(1.0, math.sqrt(len(names) / _FEW))
    frame = np.array([WIDTH * growth, HEIGHT * growth])
    points = _fitted(points, frame)
    if len(names) > _FEW:
        return points
    boxes = _boxes(graph, names, float(frame.prod()))
    for turn in range(240):
        if turn % 8 == 0:
            near = _near(points, boxes)
        push, most = _pushes(points, boxes, near)
        points = np.clip(points + push, boxes / 2, frame - boxes / 2)
        if most < 1:
            break
    return points


def _boxes(graph: Network, names: Sequence[str], room: float) -> Array:
    """Return the room for each thing: with its label for as many as the frame holds.

    The most linked come first, for their names are what a reader looks for.
    """
    boxes = np.full((len(names), 2), float(SYMBOL + 6))
    left = room * 0.55 - float(boxes.prod(axis=1).sum())
    degree = dict(graph.degree())
    order = sorted(range(len(names)), key=lambda at: (-degree[names[at]], names[at]))
    for at in order:
        width, height = label_size(graph.nodes[names[at]]["label"])
        box = np.array([max(width, SYMBOL) + 10, height + SYMBOL + 6])
        left -= float(box.prod() - boxes[at].prod())
        if left < 0:
            break
        boxes[at] = box
    return boxes


def _fitted(points: Array, frame: Array) -> Array:
    low, high = points.min(axis=0), points.max(axis=0)
    extent = np.where(high > low, high - low, 1)
    margin = np.array([60.0, 30.0])
    # A few things keep their distances rather than being drawn out to the corners.
    scale = np.minimum((frame - 2 * margin) / extent, 2.2)
    return np.asarray((points - (low + high) / 2) * scale + frame / 2)


def _near(points: Array, boxes: Array) -> tuple[Any, Any]:
    """Return the pairs that might come to overlap before this is asked again."""
    one, other = np.triu_indices(len(points), 1)
    gap = np.abs(points[one] - points[other])
    close = (gap < (boxes[one] + boxes[other]) / 2 + 60).all(axis=1)
    return one[close], other[close]


def _pushes(points: Array, boxes: Array, near: tuple[Any, Any]) -> tuple[Array, float]:
    """Return how each box must move to get clear, and the widest overlap."""
    one, other = near
    gap = points[one] - points[other]
    overlap = (boxes[one] + boxes[other]) / 2 - np.abs(gap)
    clash = (overlap > 0).all(axis=1)
    one, other, gap, overlap = one[clash], other[clash], gap[clash], overlap[clash]
    axis = np.where(overlap[:, 1] <= overlap[:, 0], 1, 0)
    rows = np.arange(len(axis))
    sign = np.where(gap[rows, axis] < 0, -1.0, 1.0)  # one side where two coincide
    push = np.zeros_like(points)
    for side, ends in ((0.3, one), (-0.3, other)):
        np.add.at(push, (ends, axis), side * sign * overlap[rows, axis])
    return push, float(overlap[rows, axis].max(initial=0))


def _with_satellites(graph: Network) -> Positions:
    """Let forces place the most linked things, and set the others around them."""
    degree = dict(graph.degree())
    ranked = sorted(graph, key=lambda name: (-degree[name], name))
    core = ranked[:_CORE]
    room = math.sqrt(len(graph)) * SYMBOL
    points = _fitted(_springs(graph, core) * room, np.array([room * 1.3, room * 0.8]))
    placed = dict(zip(core, points.tolist(), strict=True))
    waiting = ranked[_CORE:]
    moons: dict[str, int] = defaultdict(int)
    near = graph.to_undirected(as_view=True)
    while waiting:
        left = [name for name in waiting if not _orbit(name, near, placed, moons)]
        if len(left) == len(waiting):
            placed |= _outskirts(left, placed)
            break
        waiting = left
    return rounded(list(placed), np.array(list(placed.values())))


def _orbit(
    name: str,
    near: nx.MultiGraph[str],
    placed: dict[str, list[float]],
    moons: dict[str, int],
) -> bool:
    """Set a thing by the placed neighbour that has the fewest around it, if any."""
    anchors = [other for other in near[name] if other in placed and other != name]
    if not anchors:
        return False
    anchor = min(anchors, key=lambda other: (moons[other], other))
    moons[anchor] += 1
    angle, reach = moons[anchor] * _TURN, SYMBOL * math.sqrt(moons[anchor] + 1)
    x, y = placed[anchor]
    placed[name] = [x + reach * math.cos(angle), y + reach * math.sin(angle)]
    return True


def _outskirts(
    names: Sequence[str], placed: Mapping[str, Sequence[float]]
) -> dict[str, list[float]]:
    """Set what nothing placed is linked to in rows below everything else."""
    left = min(x for x, _ in placed.values())
    low = max(y for _, y in placed.values()) + 3 * SYMBOL
    across = max(1, math.ceil(math.sqrt(len(names)) * 1.6))
    return {
        name: [left + index % across * SYMBOL, low + index // across * SYMBOL]
        for index, name in enumerate(names)
    }
