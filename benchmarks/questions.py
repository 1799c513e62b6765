"""How long each named question takes on the command line, against the floor.

    python benchmarks/questions.py [--runs 5]

The floor is a bare script that imports pyoxigraph, reads the same built N-Quads and
answers the same query. Both are whole processes, interleaved; each ratio is of medians.
A question that needs a parameter is left out, since the floor binds none. Then says
how long `lineage` and `consult` take, which need networkx.
"""

from __future__ import annotations

import argparse
import compileall
import statistics
import sys
import tempfile
from pathlib import Path

from start import FLOOR, seconds

from cjigraph import query, resources, store

ANYTHING = "https://w3id.org/cjigraph/"
"""What the floor is given for a body, and here does not use."""


def main() -> None:
    """Measure and print, the slowest last."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    store.open_store(None)  # build first, if that is still to do
    compileall.compile_dir(Path(store.__file__).parent, quiet=2)  # as installers do
    ours = str(Path(sys.executable).with_name("cjigraph"))
    with tempfile.TemporaryDirectory() as folder:
        floor = Path(folder, "floor.py")
        floor.write_text(FLOOR.replace(", substitutions=bound", ""))
        ratios = {
            name: _ratio(
                [ours, "query", name, "--format", "csv"],
                [sys.executable, str(floor), *_read(name), ANYTHING],
                runs,
            )
            for name, each in query.questions().items()
            if not any(parameter.required for parameter in each.parameters.values())
        }
    for name, ratio in sorted(ratios.items(), key=lambda each: each[1]):
        print(f"  {ratio:5.2f}  {name}")
    over = sum(ratio > 2 for ratio in ratios.values())
    print(f"{len(ratios)} questions, {over} of them over 2 times the floor")
    for words in (["lineage", "disability-hate-crime-2018"], ["consult"]):
        taken = statistics.median(seconds([ours, *words])[0] for _ in range(runs))
        print(f"cjigraph {words[0]}: {taken:.2f} s")


def _read(name: str) -> list[str]:
    """Return what the floor reads for a question: the graph and the query."""
    return [str(resources.bundled()), str(resources.queries() / f"{name}.rq")]


def _ratio(ours: list[str], floor: list[str], runs: int) -> float:
    pairs = [(seconds(ours)[0], seconds(floor)[0]) for _ in range(runs + 1)][1:]
    mine, bare = zip(*pairs, strict=True)
    return statistics.median(mine) / statistics.median(bare)


if __name__ == "__main__":
    main()
