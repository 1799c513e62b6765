"""How long an answer takes from the command line, as ratios measured in one run.

    python benchmarks/start.py [--runs 31]

Compares whole processes, interleaved, by the median of many runs:

- `cjigraph query inspections-led-by-body --body hmicfrs`, as installed;
- the floor: a bare script that imports pyoxigraph, reads the same built N-Quads and
  answers the same query;
- the same question asked by a plain rdflib script that reads the same graph as TriG,
  which is Turtle with named graphs.

Then says how long `cjigraph build` and `cjigraph check` take, and what each part of
building takes.
"""

from __future__ import annotations

import argparse
import compileall
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyoxigraph

from cjigraph import resources, store, vocab

QUESTION, BODY = "inspections-led-by-body", "hmicfrs"
BODY_IRI = f"https://w3id.org/cjigraph/id/body/{BODY}"

FLOOR = """
import sys
from pyoxigraph import NamedNode, QueryResultsFormat, RdfFormat, Store, Variable
store = Store()
store.load(path=sys.argv[1], format=RdfFormat.N_QUADS)
with open(sys.argv[2], encoding="utf-8") as file:
    query = file.read()
bound = {Variable("body"): NamedNode(sys.argv[3])}
answer = store.query(query, substitutions=bound)
sys.stdout.buffer.write(answer.serialize(format=QueryResultsFormat.CSV))
"""

RDFLIB = """
import sys
from rdflib import Dataset, URIRef
graph = Dataset()
graph.parse(sys.argv[1], format="trig")
with open(sys.argv[2], encoding="utf-8") as file:
    query = file.read()
answer = graph.query(query, initBindings={"body": URIRef(sys.argv[3])})
sys.stdout.buffer.write(answer.serialize(format="csv"))
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--runs", type=int, default=31)
    runs = parser.parse_args().runs
    store.open_store(None)  # build first, if that is still to do
    compileall.compile_dir(Path(store.__file__).parent, quiet=2)  # as installers do
    with tempfile.TemporaryDirectory() as folder:
        _print_answers(_commands(Path(folder)), runs)
    _print_build()


def _commands(folder: Path) -> dict[str, list[str]]:
    """Return the three ways to ask, by name, with what they read in `folder`."""
    query = str(resources.queries() / f"{QUESTION}.rq")
    (folder / "floor.py").write_text(FLOOR)
    (folder / "plain.py").write_text(RDFLIB)
    trig = folder / "graph.trig"
    trig.write_bytes(_trig())
    built = str(resources.bundled())
    ours = Path(sys.executable).with_name("cjigraph")
    asked = [str(ours), "query", QUESTION, "--body", BODY, "--format", "csv"]
    plain = [sys.executable, str(folder / "floor.py"), built, query, BODY_IRI]
    rdflib = [sys.executable, str(folder / "plain.py"), str(trig), query, BODY_IRI]
    return {"cjigraph": asked, "floor": plain, "rdflib": rdflib}


def _trig() -> bytes:
    """Return the graph as rdflib would read it, with the prefixes people write."""
    prefixes = vocab.PREFIXES
    graph = store.open_store(None)
    return graph.dump(format=pyoxigraph.RdfFormat.TRIG, prefixes=prefixes)


def _print_answers(commands: dict[str, list[str]], runs: int) -> None:
    times: dict[str, list[float]] = {name: [] for name in commands}
    answers = {name: seconds(command)[1] for name, command in commands.items()}  # warm
    if len({frozenset(answer.split()) for answer in answers.values()}) > 1:
        sys.exit("the three do not give the same answer")
    for _ in range(runs):
        for name, command in commands.items():
            times[name].append(seconds(command)[0])
    median = {name: statistics.median(each) for name, each in times.items()}
    print(f"whole process, median of {runs} interleaved runs")
    for name, each in median.items():
        print(f"  {name:10} {each * 1000:7.0f} ms")
    print(f"  cjigraph takes {median['cjigraph'] / median['floor']:.2f} of the floor")
    print(f"  rdflib takes {median['rdflib'] / median['cjigraph']:.1f} of cjigraph")


def seconds(command: list[str]) -> tuple[float, bytes]:
    """Return how long a command takes, and what it prints."""
    start = time.perf_counter()
    done = subprocess.run(command, check=True, capture_output=True)  # noqa: S603
    return time.perf_counter() - start, done.stdout


def _print_build() -> None:
    ours = str(Path(sys.executable).with_name("cjigraph"))
    with tempfile.TemporaryDirectory() as folder:
        target = str(Path(folder, "graph.nq"))
        for verb in (["build", "--verbose", "-o", target], ["check"]):
            start = time.perf_counter()
            done = subprocess.run(  # noqa: S603
                [ours, *verb], check=False, capture_output=True, text=True
            )
            print(f"cjigraph {verb[0]}: {time.perf_counter() - start:.1f} s")
            print("".join(f"  {line}\n" for line in done.stderr.splitlines()), end="")


if __name__ == "__main__":
    main()
