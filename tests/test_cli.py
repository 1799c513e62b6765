"""The command line as a whole: exit codes, one line for a mistake, no traceback."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

import cjigraph
from cjigraph import __version__, cli
from cjigraph.vocab import ID

Run = subprocess.CompletedProcess[bytes]
LED = "inspections-led-by-body"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(cjigraph.__file__).parents[1])}
ENVIRONMENT.pop("PYTHONUNBUFFERED", None)  # it hides what is left to flush at the end


def start(*words: str | bytes, **given: object) -> Run:
    environment = {**ENVIRONMENT, **given.pop("environment", {})}  # type: ignore[dict-item]
    command = [sys.executable, "-m", "cjigraph", *words]
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        command, capture_output=True, timeout=60, env=environment, **given
    )


def refused(run: Run, code: int = 2) -> str:
    """Return what was said of a mistake, having seen that it is one line."""
    said = run.stderr.decode()
    assert run.returncode == code, said
    assert said.count("\n") == 1, said
    assert "Traceback" not in said
    assert run.stdout == b""
    return said


@pytest.fixture(scope="module")
def store(asking_file: Path) -> tuple[str, str]:
    return "--store", str(asking_file)


# Answers


def test_sparql_is_answered_on_stdout(store: tuple[str, str]) -> None:
    text = "SELECT ?b { inspection:stalking-2017 cji:isLedBy ?b }"
    run = start("query", text, *store, "--format", "csv")
    assert (run.returncode, run.stderr) == (0, b"")
    assert run.stdout.decode() == f"b\r\n{ID}body/hmicfrs\r\n"


@pytest.mark.parametrize(
    "words", [("--body", "HMI Probation"), ("--body=hmi-probation",)]
)
def test_a_question_takes_its_parameters_as_options(
    store: tuple[str, str], words: tuple[str, ...]
) -> None:
    run = start("query", LED, *words, *store, "--format", "json")
    answer = json.loads(run.stdout)
    assert len(answer["results"]["bindings"]) == 1
    assert run.returncode == 0


def test_options_may_come_first(store: tuple[str, str]) -> None:
    run = start("query", *store, "--format=csv", "--body", "hmicfrs", LED)
    assert len(list(csv.reader(io.StringIO(run.stdout.decode())))) == 4


def test_a_file_is_run_with_its_parameters(
    store: tuple[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "mine.rq"
    path.write_text(
        "#+ parameters:\n#+   - name: x\n#+     type: theme\n"
        "SELECT ?x ?l { ?x rdfs:label ?l }",
        "utf-8",
    )
    run = start("query", str(path), "--x", "custody", *store)
    assert "Custody" in run.stdout.decode()


def test_a_file_needs_no_header_and_no_ending(
    store: tuple[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "with a space.sparql"
    path.write_bytes(b"\xef\xbb\xbf#+ endpoint: elsewhere\r\nASK {}")
    assert start("query", str(path), *store).stdout == b"yes\n"


def test_a_dash_is_stdin(store: tuple[str, str]) -> None:
    run = start("query", "-", *store, input=b"ASK {}")
    assert (run.returncode, run.stdout) == (0, b"yes\n")


def test_a_table_is_never_cut_when_piped(store: tuple[str, str]) -> None:
    text = f"SELECT ('{'x' * 300}' AS ?x) {{}}"
    assert b"x" * 300 in start("query", text, *store).stdout


def test_triples_come_as_turtle(store: tuple[str, str]) -> None:
    run = start("query", "DESCRIBE body:hmic", *store)
    assert run.stdout.startswith(b"@prefix ")


def test_a_file_is_written_whole(store: tuple[str, str], tmp_path: Path) -> None:
    target = tmp_path / "answer.csv"
    run = start("query", "SELECT (1 AS ?x) {}", *store, "-o", str(target))
    assert (run.returncode, run.stdout, run.stderr) == (0, b"", b"")
    assert target.read_bytes() == b"x\r\n1\r\n", "its ending is the format"
    assert list(tmp_path.iterdir()) == [target]


def test_a_new_file_takes_the_place_of_the_old(
    store: tuple[str, str], tmp_path: Path
) -> None:
    target, reader = tmp_path / "answer.csv", tmp_path / "reader.csv"
    target.write_text("old", "utf-8")
    reader.hardlink_to(target)
    start("query", "SELECT (1 AS ?x) {}", *store, "-o", str(target))
    assert target.read_bytes() == b"x\r\n1\r\n"
    assert reader.read_text("utf-8") == "old", (
        "whoever reads it meanwhile sees it whole"
    )


def test_output_is_utf8_everywhere(store: tuple[str, str]) -> None:
    c_locale = {"LANG": "C", "LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
    run = start("query", "SELECT ('é→😀' AS ?x) {}", *store, environment=c_locale)
    assert "é→😀" in run.stdout.decode()
    run = start("show", "é→😀", *store, environment=c_locale)
    assert 'called "é→😀"' in refused(run)


def test_nothing_steers_the_terminal(store: tuple[str, str]) -> None:
    run = start("query", "SELECT ?l { body:odd rdfs:label ?l }", *store)
    assert "\\x1b[31mOdd\\u202e" in run.stdout.decode()
    run = start("query", "no\x1b[31mne", *store)
    assert "\\x1b[31m" in refused(run)


def test_questions_are_listed_and_shown() -> None:
    listed = start("questions").stdout.decode()
    assert f"  {LED} " in listed
    shown = start("questions", LED).stdout.decode()
    assert "Which inspections did a body lead?" in shown
    assert "  --body (body)  " in shown
    assert f"Example: cjigraph query {LED} --body hmicfrs" in shown
    assert "SELECT DISTINCT ?body" in shown
    assert "#+" not in shown


def test_a_thing_is_shown(store: tuple[str, str]) -> None:
    run = start("show", "HM", "Inspectorate", "of", "Constabulary", *store)
    assert "leads Stalking in Sussex" in run.stdout.decode()


def test_prefixes_are_printed_as_sparql() -> None:
    lines = start("prefixes").stdout.decode().splitlines()
    assert "PREFIX cji: <https://w3id.org/cjigraph/ontology#>" in lines
    assert all(line.startswith("PREFIX ") for line in lines)


def test_version_and_help() -> None:
    assert start("--version").stdout.decode() == f"cjigraph {__version__}\n"
    assert all(verb in start("--help").stdout.decode() for verb in cli.VERBS)


@pytest.mark.parametrize("verb", cli.VERBS)
def test_every_verb_has_help(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([verb, "--help"]) == 0
    assert capsys.readouterr().out.startswith(f"usage: cjigraph {verb} ")


# Mistakes

SERVICE = "ASK { SERVICE <http://127.0.0.1:9/> {} }"

MISTAKES = {
    "no verb": ([], "VERB; see cjigraph --help"),
    "an unknown verb": (["qeury"], 'no verb "qeury"; did you mean "query"?'),
    "an unknown option": (["--nope"], "see cjigraph --help"),
    "nothing to ask": (["query"], "QUERY; see cjigraph query --help"),
    "a wrong format": (["query", "ASK {}", "--format", "pdf"], "see cjigraph query"),
    "a wrong time": (["query", "ASK {}", "--timeout", "-1"], "see cjigraph query"),
    "no time": (["query", "ASK {}", "--timeout", "nan"], "see cjigraph query"),
    "an option cut short": (["query", "ASK {}", "--form", "csv"], "no option --form"),
    "an option without value": (["query", LED, "--body"], "--body needs a value"),
    "an option at the end": (["query", "ASK {}", "-o"], "see cjigraph query --help"),
    "an empty query": (["query", ""], "query:1:1: the query is empty"),
    "a blank query": (["query", " \n"], "query:1:1: the query is empty"),
    "a syntax error": (["query", "SELECT * { ?s ?p"], 'query:1:10: "{" is not closed'),
    "an unknown prefix": (["query", "ASK { ?s cjj:p 1 }"], '1:10: no prefix "cjj"'),
    "SERVICE": (["query", SERVICE], "query:1:7: SERVICE is refused"),
    "SERVICE in disguise": (
        ["query", SERVICE.replace("E", "\\u0045", 1)],
        "SERVICE is refused",
    ),
    "an update": (["query", "INSERT DATA { <a:b> <a:b> 1 }"], "INSERT is refused"),
    "FROM elsewhere": (["query", "ASK FROM <http://a/> {}"], "not a graph of ours"),
    "an unknown question": (["query", LED + "s"], f'did you mean "{LED}"?'),
    "a missing file": (["query", "none.rq"], "none.rq: cannot be read: No such file"),
    "an unknown parameter": (["query", LED, "--bdy", "x"], 'did you mean "body"?'),
    "a thing of the wrong kind": (
        ["query", LED, "--body", "theme:stalking"],
        "body: theme:stalking is not a body",
    ),
    "an unknown thing": (["query", LED, "--body", "hmicfr"], "body:hmicfrs"),
    "a date that is none": (
        ["query", "reports-by-date", "--since", "yesterday"],
        'since: "yesterday" is not a date; write it as 2019-06-30',
    ),
    "options for plain SPARQL": (["query", "ASK {}", "--x", "1"], "no option --x"),
    "a format that does not fit": (
        ["query", "ASK {}", "--format", "csv"],
        "csv cannot hold yes or no; what fits is table, json, xml",
    ),
    "an unknown function": (["query", "SELECT (<a:f>(1) AS ?x) {}"], "query failed"),
    "an unknown name": (["show", "hmicfr"], "did you mean body:hmicfrs"),
    "an ambiguous name": (["show", "Stalking"], "theme:stalking (Stalking, theme), "),
    "copies that are not there": (["show", "hmicfrs", "--documents", "none"], "none: "),
    "an unknown question to show": (["questions", LED + "s"], f'mean "{LED}"?'),
}
WITH_STORE = ("query", "show")


@pytest.mark.parametrize(("words", "said"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_one_line(
    words: list[str], said: str, store: tuple[str, str]
) -> None:
    more = store if words and words[0] in WITH_STORE and words != ["query"] else ()
    more = () if words[-1:] == ["-o"] else more
    assert said in refused(start(*words, *more))


def test_bytes_that_are_not_utf8_are_one_line(
    store: tuple[str, str], tmp_path: Path
) -> None:
    run = start("query", "-", *store, input=b"ASK {}\n# caf\xe9")
    assert "stdin:2: not UTF-8" in refused(run)
    path = tmp_path / "q.rq"
    path.write_bytes(b"\xff\xfeA\x00")
    assert "q.rq:1: not UTF-8" in refused(start("query", str(path), *store))
    run = start(b"query", b"ASK { ?s ?p 'caf\xe9' }", *store)
    assert "U+DCE9 has no place" in refused(run)


def test_an_answer_cannot_be_written_where_no_file_can_be(
    store: tuple[str, str], tmp_path: Path
) -> None:
    missing = str(tmp_path / "none" / "x.csv")
    said = refused(start("query", "ASK {}", *store, "-o", missing))
    assert "none: there is no such folder; make it first" in said
    said = refused(start("query", "ASK {}", *store, "-o", str(tmp_path)))
    assert "this is a folder; name a file in it" in said
    assert list(tmp_path.iterdir()) == []


def test_a_mistake_leaves_the_old_file(store: tuple[str, str], tmp_path: Path) -> None:
    target = tmp_path / "x.csv"
    target.write_text("old", "utf-8")
    refused(start("query", "SELECT", *store, "-o", str(target)))
    assert target.read_text("utf-8") == "old"


def test_a_store_that_is_missing_is_bad_input(tmp_path: Path) -> None:
    refused(start("query", "ASK {}", "--store", str(tmp_path / "none.nq")))
    refused(start("query", "ASK {}", "--store", str(tmp_path)))
    refused(start("show", "x", "--store", str(tmp_path / "none.nq")))


def test_a_store_that_is_cut_short_is_damaged(
    asking_file: Path, tmp_path: Path
) -> None:
    path = tmp_path / "cut.nq"
    path.write_bytes(asking_file.read_bytes()[:-40])
    refused(start("query", "ASK {}", "--store", str(path)), 4)
    folder = tmp_path / "store"
    disk = Store(str(folder))
    disk.load(path=asking_file, format=RdfFormat.N_QUADS)
    disk.flush()
    del disk
    assert start("query", "ASK {}", "--store", str(folder)).stdout == b"yes\n"
    for each in folder.glob("MANIFEST*"):
        each.write_bytes(b"")
    refused(start("query", "ASK {}", "--store", str(folder)), 4)


def test_talk_is_one_line_without_control_characters(
    capsys: pytest.CaptureFixture[str],
) -> None:
    cli._say("a\x1b[31m\nb\u202e")
    assert capsys.readouterr().err == "a\\x1b[31m\\nb\\u202e\n"


# Limits


KILLERS = {
    "nested groups": "SELECT * " + "{" * 2300,
    "a chain of sums": "SELECT (1" + "+1" * 7200 + " AS ?x) {}",
    "many patterns": "ASK {" + "".join(f"?s ?p ?o{n}." for n in range(1500)) + "}",
    "too much text": "ASK {} #" + "x" * 100_001,
    "strings that double": "SELECT (STRLEN(?v40) AS ?n) { BIND('xxxxxxxx' AS ?v0)"
    + "".join(f"BIND(CONCAT(?v{n},?v{n}) AS ?v{n + 1})" for n in range(40))
    + "}",
}


@pytest.mark.parametrize("text", KILLERS.values(), ids=KILLERS)
def test_a_killer_hits_a_limit(text: str, store: tuple[str, str]) -> None:
    refused(start("query", "-", *store, input=text.encode()), 3)


ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


def test_a_query_that_takes_too_long_is_ended(store: tuple[str, str]) -> None:
    run = start("query", ENDLESS, *store, "--timeout", "0.5")
    assert "no answer within 0.5 seconds" in refused(run, 3)


@pytest.mark.skipif(os.name == "nt", reason="no signals there")
def test_ctrl_c_ends_a_query_in_silence(store: tuple[str, str]) -> None:
    command = [sys.executable, "-m", "cjigraph", "query", ENDLESS, *store]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env=ENVIRONMENT,
    )
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(2)
    os.killpg(process.pid, signal.SIGINT)
    assert process.communicate(timeout=20) == (b"", b"")
    assert process.returncode == cli.INTERRUPTED


@pytest.mark.skipif(os.name == "nt", reason="no pipes like these there")
@pytest.mark.parametrize(
    "words",
    [("query", "SELECT * { ?s ?p ?o }"), ("questions",), ("prefixes",), ("--help",)],
    ids=lambda words: words[0],
)
def test_a_reader_who_leaves_is_no_error(
    words: tuple[str, ...], store: tuple[str, str]
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    more = store if words[0] == "query" else ()
    command = [sys.executable, "-m", "cjigraph", *words, *more]
    run = subprocess.run(
        command,
        stdout=writing,
        stderr=subprocess.PIPE,
        timeout=60,
        check=False,
        env=ENVIRONMENT,
    )
    os.close(writing)
    assert (run.returncode, run.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("words", [("query", "ASK {}"), ("prefixes",), ("--help",)])
def test_a_full_disk_is_one_line(
    words: tuple[str, ...], store: tuple[str, str]
) -> None:
    more = store if words[0] == "query" else ()
    command = [sys.executable, "-m", "cjigraph", *words, *more]
    with Path("/dev/full").open("wb") as full:
        run = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, check=False, env=ENVIRONMENT
        )
    assert run.returncode == 4
    assert run.stderr == b"stdout: no space is left; make room, or write elsewhere\n"


# Imports

HEAVY = {
    *("rdflib", "networkx", "owlready2", "pyvis", "pandas", "edtf", "reasonable"),
    *("pyshacl", "json", "typing", "inspect", "dataclasses", "importlib.resources"),
    *("importlib.metadata", "pathlib", "difflib", "datetime"),
}


def test_an_answer_imports_nothing_heavy(store: tuple[str, str]) -> None:
    code = (
        "import sys; from cjigraph import cli, fence\n"
        "fence.call = lambda ready, work, finish, settle, time: finish(work(ready()))\n"
        f"code = cli.main(['query', {LED!r}, '--body', 'hmicfrs', *{store!r}])\n"
        "sys.exit(code or ' '.join(sys.modules))"
    )
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, capture_output=True, check=False, env=ENVIRONMENT)
    assert run.stdout
    loaded = run.stderr.decode().split()
    assert "cjigraph.query" in loaded
    assert sorted(HEAVY & set(loaded)) == []
