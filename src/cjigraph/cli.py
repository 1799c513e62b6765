"""The command line: `cjigraph VERB …`.

Data go to stdout, talk to stderr. The exit code is 0 when done, 1 if there are
findings, 2 for bad input or a refusal, 3 if a limit was hit, 4 if the store is busy or
damaged. A mistake is one line that names the place and the cure.
"""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from errno import ENOSPC

from cjigraph.errors import (
    CjigraphError,
    InputError,
    StoreError,
    did_you_mean,
    one_line,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path
    from typing import NoReturn

    from pyoxigraph import Store

    from cjigraph.check import Finding
    from cjigraph.query import Question, Terms
    from cjigraph.result import Result

FORMATS = ("table", "csv", "tsv", "json", "xml", "ttl", "nt", "jsonld")
INTERRUPTED = 130
"""What shells expect of a command that was stopped by Ctrl-C."""


class _UsageError(InputError):
    """Arguments that do not fit the verb."""


class _Formatter(RawDescriptionHelpFormatter):
    """Help as wide as the terminal; argparse would import a lot to learn that."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=min(_width() or 80, 100) - 2)


class _Parser(ArgumentParser):
    """A parser that complains in one line."""

    def error(self, message: str) -> NoReturn:
        raise _UsageError(f"{self.prog}: {message}", f"see {self.prog} --help")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    _speak_utf8()
    words = list(sys.argv[1:] if arguments is None else arguments)
    return _answerable(lambda: _run(words))


def _speak_utf8() -> None:
    """Write UTF-8 wherever we are, and never fail on a character."""
    for stream, errors in ((sys.stdout, "surrogateescape"), (sys.stderr, None)):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors=errors or "backslashreplace")


def _answerable(work: Callable[[], int]) -> int:
    """Do `work`; whatever a person can put right becomes a line and an exit code."""
    try:
        code = _completed(work)
        sys.stdout.flush()
    except CjigraphError as error:
        named = error.place or isinstance(error, _UsageError)
        _say(str(error) if named else f"cjigraph: {error}")
        return error.exit_code
    except BrokenPipeError:
        _close_stdout()
        return 0
    except OSError as error:
        if error.errno != ENOSPC:  # a bug
            raise
        _close_stdout()
        _say("stdout: no space is left; make room, or write elsewhere")
        return StoreError.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    return code


def _completed(work: Callable[[], int]) -> int:
    try:
        return work()
    except SystemExit as done:  # argparse, having printed its help
        return done.code if isinstance(done.code, int) else 0


def _close_stdout() -> None:
    """Leave nothing for Python to flush at its end to a reader who has gone."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _say(text: str) -> None:
    print(one_line(text), file=sys.stderr)


def _run(words: list[str]) -> int:
    if words and words[0] in VERBS:
        return VERBS[words[0]].run(words[1:])
    if words and not words[0].startswith("-"):
        cure = did_you_mean(words[0], VERBS) or "see cjigraph --help"
        raise _UsageError(f'cjigraph: no verb "{words[0]}"', cure)
    parser = _Parser(
        prog="cjigraph",
        formatter_class=_Formatter,
        description="A knowledge graph of criminal justice joint inspection.",
        epilog=_overview(),
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=_version())
    parser.add_argument("verb", metavar="VERB", help="one of those below")
    parser.parse_args(words)
    return 2


def _version() -> str:
    from cjigraph import __version__

    return f"cjigraph {__version__}"


def _overview() -> str:
    lines = [f"  {name:<10} {verb.summary}" for name, verb in VERBS.items()]
    return "\n".join(["verbs:", *lines, "", "`cjigraph VERB --help` tells more."])


class Verb:
    """A word after `cjigraph`: what it is for, its options, and what does it."""

    __slots__ = ("name", "options", "summary", "work")

    def __init__(
        self,
        name: str,
        summary: str,
        options: Callable[[ArgumentParser], None],
        work: Callable[[Namespace], int],
    ) -> None:
        self.name, self.summary = name, summary
        self.options, self.work = options, work

    def run(self, words: list[str]) -> int:
        """Read the words after the verb and do its work."""
        prog = f"cjigraph {self.name}"
        parser = _Parser(
            prog=prog,
            description=self.summary,
            formatter_class=_Formatter,
            allow_abbrev=False,
        )
        self.options(parser)
        known, others = _parted(words) if self.name == "query" else (words, {})
        arguments = parser.parse_args(known)
        arguments.values = others
        return self.work(arguments)


# Options


def _store_option(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--store",
        metavar="WHERE",
        help="an N-Quads, TriG or Turtle file, or a store's folder,"
        " instead of the bundled graph",
    )


def _as_of_option(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--as-of",
        metavar="DATE",
        help="the graph as the sources published by that day would have it",
    )


def _opened(arguments: Namespace) -> Store:
    """Return the store that the options name, as it stood on the day they name."""
    from cjigraph.store import open_store

    store = open_store(arguments.store)
    if arguments.as_of is None:
        return store
    from cjigraph.asof import on_day

    return on_day(store, arguments.as_of)


def _output_option(parser: ArgumentParser) -> None:
    parser.add_argument("-o", "--output", metavar="FILE", help="write to a file")


def _documents_option(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--documents", metavar="DIR", help="a folder of your own copies of the sources"
    )


# build


def _build_options(parser: ArgumentParser) -> None:
    _output_option(parser)
    parser.add_argument(
        "--verbose", action="store_true", help="tell what is being done"
    )


def _build(arguments: Namespace) -> int:
    from pathlib import Path

    from cjigraph import resources
    from cjigraph.check import findings
    from cjigraph.store import build

    errors = _errors_among(findings(resources.ontology(), resources.data()))
    if errors:
        _say(f"{errors} errors; nothing is built")
        return 1
    target = Path(arguments.output) if arguments.output else resources.bundled()
    quiet: Callable[[str], None] = lambda _: None  # noqa: E731
    say = _say if arguments.verbose else quiet
    counts = build(resources.ontology(), resources.data(), target, say)
    said = ", ".join(f"{number} {name}" for name, number in counts._asdict().items())
    _say(f"{target}: {said}")
    return 0


# check


def _check_options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--reason", action="store_true", help="ask HermiT whether all can be true"
    )
    _documents_option(parser)


def _check(arguments: Namespace) -> int:
    from pathlib import Path

    from cjigraph import resources
    from cjigraph.check import findings

    found = findings(
        resources.ontology(),
        resources.data(),
        queries=resources.queries(),
        reason=arguments.reason,
        documents=Path(arguments.documents) if arguments.documents else None,
    )
    errors = _errors_among(found)
    _say(f"{errors} errors, {len(found) - errors} warnings")
    return 1 if errors else 0


def _errors_among(found: Sequence[Finding]) -> int:
    """Print findings, and return how many of them are errors."""
    for finding in found:
        print(one_line(f"{finding.severity}: {finding}"))
    return sum(finding.severity == "error" for finding in found)


# query


def _query_options(parser: ArgumentParser) -> None:
    parser.usage = (
        "cjigraph query [-h] [--format F] [-o FILE] [--store WHERE] [--as-of DATE]"
        " [--timeout S] QUERY [--PARAMETER VALUE ...]"
    )
    parser.add_argument(
        "query",
        metavar="QUERY",
        help="the name of a question, a .rq file, SPARQL, or - for SPARQL on stdin",
    )
    parser.add_argument("--format", choices=FORMATS, help="of what is written")
    _output_option(parser)
    _store_option(parser)
    _as_of_option(parser)
    parser.add_argument(
        "--timeout",
        type=_seconds,
        default=60.0,
        metavar="SECONDS",
        help="how long it may take; 0 is for ever, 60 unless you say",
    )


def _seconds(text: str) -> float:
    number = float(text)
    if not 0 <= number < 1e7:
        raise ValueError
    return number


_QUERY_OPTIONS = ("--as-of", "--format", "--output", "-o", "--store", "--timeout")
_QUERY_FLAGS = ("-h", "--help")


def _parted(words: list[str]) -> tuple[list[str], dict[str, str]]:
    """Part the words after `query` into ours, and the parameters of the question."""
    ours: list[str] = []
    values: dict[str, str] = {}
    waiting = iter(words)
    for word in waiting:
        name, equals, value = word.partition("=")
        if name in _QUERY_OPTIONS and not equals:
            following = next(waiting, None)
            ours += [word] if following is None else [word, following]
        elif word == "--":
            ours += [word, *waiting]
        elif not word.startswith("--") or name in (*_QUERY_OPTIONS, *_QUERY_FLAGS):
            ours.append(word)
        else:
            values[name[2:]] = value if equals else _after(word, next(waiting, None))
    return ours, values


def _after(option: str, value: str | None) -> str:
    if value is None or value.startswith("--"):
        cure = f"give one after it, or as {option}=VALUE"
        raise _UsageError(f"cjigraph query: {option} needs a value", cure)
    return value


def _query(arguments: Namespace) -> int:
    from cjigraph import fence

    _refuse_target(arguments.output)
    return fence.call(
        lambda: _ready(arguments),
        _run_query,
        lambda result: _write(result, arguments),
        _answerable,
        arguments.timeout,
    )


def _ready(arguments: Namespace) -> tuple[Store, str, Terms | None, str]:
    """Open the store, and return what `query.run` takes."""
    text, path, question = _asked(arguments)
    store = _opened(arguments)
    return store, text, _terms(question, arguments.values, store), path


def _run_query(ready: tuple[Store, str, Terms | None, str]) -> Result:
    from cjigraph.query import run

    return run(*ready)


def _asked(arguments: Namespace) -> tuple[str, str, Question | None]:
    """Return the text to run, what errors call it, and the question if it has a name.

    A file is a question too, if it is given parameters.
    """
    from cjigraph import query

    asked = arguments.query
    if asked == "-":
        return query.decoded(sys.stdin.buffer.read(), "stdin"), "stdin", None
    is_name = asked in query.known()
    if not is_name and (asked.endswith(".rq") or os.path.isfile(asked)):
        text = query.read(asked)
        return text, asked, query.Question(asked, text) if arguments.values else None
    if not is_name and (not asked or any(each in asked for each in " \t\n{}")):
        return asked, "query", None
    question = query.question(asked)
    return question.text, os.fspath(question.path), question


def _terms(
    question: Question | None, values: dict[str, str], store: Store
) -> Terms | None:
    from cjigraph.query import bind

    if question is not None:
        return bind(question, values, store)
    for name in values:
        cure = "only questions in files have parameters; see cjigraph query --help"
        raise _UsageError(f"cjigraph query: no option --{name}", cure)
    return None


def _write(result: Result, arguments: Namespace) -> int:
    is_file = arguments.output is not None
    width = None if is_file else _width()
    _put(result.write(arguments.format or _ending(arguments), width), arguments.output)
    if result.form == "SELECT" and not result and sys.stderr.isatty():
        _say("no rows")
    return 0


def _ending(arguments: Namespace) -> str | None:
    """Return the format that the name of the file to write ends in, if any."""
    return _ending_in(arguments.output, FORMATS)


def _ending_in(path: str | None, formats: Sequence[str]) -> str | None:
    ending = (path or "").rpartition(".")[2]
    return ending if ending in formats else None


def _width() -> int | None:
    """Return how wide the terminal is, if stdout is one."""
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or None
    except (OSError, ValueError):
        return None


def _put(content: bytes, path: str | None) -> None:
    """Write to a file, whole or not at all, or to stdout."""
    if path is not None:
        from cjigraph.store import write_whole

        write_whole(path, content)
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)


def _refuse_target(path: str | None) -> None:
    """Refuse a file to write that cannot be one, before any work is done."""
    if path is None:
        return
    if os.path.isdir(path):
        raise InputError("this is a folder", "name a file in it", path)
    folder = os.path.dirname(path) or "."
    if not os.path.isdir(folder):
        raise InputError("there is no such folder", "make it first", folder)


# questions


def _questions_options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "name", nargs="?", metavar="NAME", help="of a question, to see it whole"
    )


def _questions(arguments: Namespace) -> int:
    from cjigraph.query import question, questions

    if arguments.name is not None:
        print("\n".join(map(one_line, _whole(question(arguments.name)))))
        return 0
    print("\n".join(map(one_line, _listed(questions().values()))))
    return 0


def _listed(found: Iterable[Question]) -> Iterator[str]:
    """Yield the lines of a list of questions, under the first tag of each."""
    groups: dict[str, list[Question]] = {}
    for each in found:
        groups.setdefault(each.tags[0] if each.tags else "other", []).append(each)
    width = max((len(q.name) for group in groups.values() for q in group), default=0)
    for tag in sorted(groups):
        yield tag
        yield from (f"  {q.name:<{width}}  {q.summary}" for q in groups[tag])
        yield ""
    yield "`cjigraph questions NAME` shows one whole, `cjigraph query NAME` asks it."


def _whole(question: Question) -> Iterator[str]:
    """Yield all there is to say of a question, line by line."""
    yield question.summary
    yield from ("", question.description) if question.description else ()
    if question.parameters:
        yield from ("", "Parameters:")
        for each in question.parameters.values():
            needed = ", required" if each.required else ""
            yield f"  --{each.name} ({each.type}{needed})  {each.description}"
    yield from ("", f"Example: {_example(question)}")
    if question.columns:
        yield from ("", "Columns:")
        yield from (f"  {name}: {said}" for name, said in question.columns.items())
    yield from ("", *question.query.split("\n"))


def _example(question: Question) -> str:
    words = [f"cjigraph query {question.name}"]
    given = (each for each in question.parameters.values() if each.example)
    words += (f"--{each.name} {_quoted(each.example)}" for each in given)
    return " ".join(words)


def _quoted(word: str) -> str:
    from shlex import quote

    return quote(word)


# show


def _show_options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "name", nargs="+", metavar="NAME", help="a name, acronym, slug or IRI"
    )
    _documents_option(parser)
    _store_option(parser)
    _as_of_option(parser)


def _show(arguments: Namespace) -> int:
    from cjigraph.describe import describe

    store = _opened(arguments)
    print(describe(store, " ".join(arguments.name), arguments.documents))
    return 0


# lineage

LINEAGES = ("tree", "table", "json", "dot", "graphml", "gexf", "mermaid")


def _lineage_options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "name",
        nargs="+",
        metavar="THING",
        help="an inspection, report, programme, theme or body",
    )
    parser.add_argument(
        "--depth", type=int, metavar="N", help="how many links to follow each way"
    )
    parser.add_argument(
        "--direction",
        choices=("both", "up", "down"),
        default="both",
        help="up to what is earlier, down to what is later",
    )
    parser.add_argument("--format", choices=LINEAGES, help="tree unless you say")
    _output_option(parser)
    _store_option(parser)


def _lineage(arguments: Namespace) -> int:
    from cjigraph.lineage.asked import answer
    from cjigraph.store import open_store

    _refuse_target(arguments.output)
    content, circles = answer(
        open_store(arguments.store),
        " ".join(arguments.name),
        arguments.format or _ending_in(arguments.output, LINEAGES) or "tree",
        arguments.depth,
        arguments.direction,
    )
    for circle in circles:
        _say(f"cjigraph lineage: {circle}")
    _put(content, arguments.output)
    return 0


# consult


def _consult_options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "programme",
        nargs="?",
        default="2019-20",
        metavar="PROGRAMME",
        help="2019-20 unless you say",
    )
    parser.add_argument("--format", choices=PACKS, help="html unless you say")
    _output_option(parser)
    _store_option(parser)
    parser.add_argument(
        "--as-of",
        metavar="DAY",
        help="count years back from this day, not from the close of the consultation",
    )
    for option, default, said in (
        ("--years", 5, "how far back the record is recent, and a gap begins"),
        ("--follow-up", 1, "how long a report may wait for a follow-up"),
        ("--least", 4, "the fewest points for which a pair is listed"),
        ("--entries", 3, "the fewest entries that make another programme compared"),
    ):
        parser.add_argument(
            option,
            type=int,
            default=default,
            metavar="N",
            help=f"{said}; {default} unless you say",
        )


PACKS = ("html", "md", "json")


def _consult(arguments: Namespace) -> int:
    from cjigraph import consult, record
    from cjigraph.store import open_store

    _refuse_target(arguments.output)
    options = consult.Options(
        as_of=arguments.as_of,
        years=arguments.years,
        follow_up=arguments.follow_up,
        least=arguments.least,
        entries=arguments.entries,
    )
    work = record.read(open_store(arguments.store))
    pack = consult.pack(work, arguments.programme, options)
    format_ = arguments.format or _ending_in(arguments.output, PACKS) or "html"
    _put(consult.write(pack, format_), arguments.output)
    return 0


# prefixes


def _prefixes(_: Namespace) -> int:
    from cjigraph.vocab import PREFIXES

    for prefix, namespace in PREFIXES.items():
        print(f"PREFIX {prefix}: <{namespace}>")
    return 0


# candidates


def _candidates_options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "decision", nargs="?", choices=("accept", "refuse"), help="of yours on one"
    )
    parser.add_argument("later", nargs="?", metavar="LATER", help="the later work")
    parser.add_argument(
        "earlier", nargs="?", metavar="EARLIER", help="what it may follow"
    )
    parser.add_argument("--passage", help="that says so; only with one is it a fact")
    parser.add_argument("--note", default="", help="why you refuse it")
    _data_option(parser)


def _candidates(arguments: Namespace) -> int:
    from datetime import date

    from cjigraph import decide

    data, pair = _data(arguments), (arguments.later, arguments.earlier)
    if arguments.decision is None:
        print("\n".join(map(one_line, decide.listed(data))))
        return 0
    if None in pair:
        raise _UsageError("cjigraph candidates: which one?", "name LATER and EARLIER")
    if arguments.decision == "refuse":
        print(decide.refuse(data, *pair, arguments.note, date.today()))  # noqa: DTZ011
        return 0
    if arguments.passage is None:
        cure = "name it with --passage, or refuse the suggestion"
        raise _UsageError("cjigraph candidates: which passage says so?", cure)
    print(decide.accept(data, *pair, arguments.passage, date.today()))  # noqa: DTZ011
    return 0


# new-source


def _new_source_options(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="of the folder to make")
    parser.add_argument("--title", default="", help="of the source")
    parser.add_argument("--licence", default="", metavar="URL", help="it is under")
    _data_option(parser)


def _data_option(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--data", metavar="DIR", help="the folder of the sources, if not the project's"
    )


def _data(arguments: Namespace) -> Path:
    from pathlib import Path

    from cjigraph import resources

    return Path(arguments.data) if arguments.data else resources.data()


def _new_source(arguments: Namespace) -> int:
    from cjigraph.blank import new_source

    data = _data(arguments)
    print(new_source(data, arguments.name, arguments.title, arguments.licence))
    return 0


# serve


def _serve_options(parser: ArgumentParser) -> None:
    _store_option(parser)
    parser.add_argument("--host", default="127.0.0.1", help="to listen on")
    parser.add_argument("--port", type=int, default=8000, help="to listen on")
    parser.add_argument(
        "--public-url", metavar="URL", help="how others call this server"
    )
    parser.add_argument(
        "--workers", type=int, metavar="N", help="queries that run at once"
    )
    parser.add_argument(
        "--timeout", type=float, metavar="S", help="seconds a query may run"
    )
    parser.add_argument(
        "--proxy",
        action="append",
        default=[],
        dest="proxies",
        metavar="ADDRESS",
        help="whose forwarded headers are believed",
    )


def _serve(arguments: Namespace) -> int:
    from cjigraph import serve

    serve.main(
        store=arguments.store,
        host=arguments.host,
        port=arguments.port,
        public_url=arguments.public_url,
        workers=arguments.workers,
        timeout=arguments.timeout,
        proxies=arguments.proxies,
    )
    return 0


# view


def _view_options(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="of a view, a chart or a question")
    parser.add_argument("--of", metavar="THING", help="what it is a view of")
    parser.add_argument("--steps", type=int, help="how far to go from a thing")
    _output_option(parser)
    _store_option(parser)
    _as_of_option(parser)


def _view(arguments: Namespace) -> int:
    from cjigraph import view

    given = {"of": arguments.of, "steps": arguments.steps}
    params = {name: each for name, each in given.items() if each is not None}
    page = view.page(_opened(arguments), arguments.name, **params)
    path = arguments.output or f"{arguments.name}.html"
    _put(page.html.encode("utf-8"), path)
    print(path)
    return 0


def _no_options(_: ArgumentParser) -> None:
    """Add nothing to a parser."""


VERBS = {
    verb.name: verb
    for verb in (
        Verb("build", "Build the graph from its tables.", _build_options, _build),
        Verb("check", "List what is wrong with tables.", _check_options, _check),
        Verb("query", "Ask a question of the graph.", _query_options, _query),
        Verb("questions", "List the questions.", _questions_options, _questions),
        Verb("show", "Tell what is said of a thing.", _show_options, _show),
        Verb("candidates", "Decide on guesses.", _candidates_options, _candidates),
        Verb("new-source", "Make a folder to fill.", _new_source_options, _new_source),
        Verb("lineage", "Tell what follows what.", _lineage_options, _lineage),
        Verb("consult", "Answer a consultation.", _consult_options, _consult),
        Verb("serve", "Answer SPARQL over HTTP.", _serve_options, _serve),
        Verb("view", "Draw a network as one HTML page.", _view_options, _view),
        Verb("prefixes", "List the prefixes queries know.", _no_options, _prefixes),
    )
}
