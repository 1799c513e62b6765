from __future__ import annotations

import errno
import os
import random
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Store, parse

from cjigraph import __version__, assemble, resources, store, vocab
from cjigraph.errors import InputError, StoreError, TableError, VocabularyError

ROOT = Path(__file__).parents[1]
MINI = Path(__file__).parent / "fixtures" / "mini"


@pytest.fixture
def mini(tmp_path: Path) -> Path:
    """A copy of the toy, which may be broken."""
    return Path(shutil.copytree(MINI, tmp_path / "mini"))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The toy, built once."""
    path = tmp_path_factory.mktemp("built") / "mini.nq"
    store.build(MINI / "ontology", MINI / "data", path)
    return path


def build(mini: Path, target: Path | None = None) -> assemble.Counts:
    target = target or mini / "out.nq"
    return store.build(mini / "ontology", mini / "data", target)


def ask(graph: Store, pattern: str) -> bool:
    prefixes = "".join(f"PREFIX {p}: <{iri}>\n" for p, iri in vocab.PREFIXES.items())
    return bool(graph.query(f"{prefixes} ASK {{ {pattern} }}"))


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


class TestDataset:
    def test_it_counts_what_it_holds(self, mini: Path) -> None:
        counts = build(mini)
        assert (counts.sources, counts.rows, counts.passages) == (2, 13, 3)
        assert counts.ontology == 36
        assert counts.inferred > 0

    def test_a_plain_query_needs_no_graph(self, built: Path) -> None:
        graph = store.open_store(built)
        assert ask(graph, "inspection:lamps-2030 cji:isLedBy body:lamp-office")
        assert ask(
            graph, "inspection:lamps-2033 cji:descendsFrom inspection:lamps-2030"
        )
        assert ask(graph, "cji:Inspectorate rdfs:subClassOf cji:Body")
        assert ask(graph, "theme:lamps a cji:Theme")
        assert ask(graph, "passage:harbour-plan-1 dcterms:isPartOf ?document")

    def test_every_passage_says_what_it_says(self, built: Path) -> None:
        graph = store.open_store(built)
        says = "GRAPH passage:{} {{ body:lamp-office rdfs:label ?label }}"
        assert ask(graph, says.format("harbour-plan-1"))
        assert ask(graph, says.format("harbour-review-1"))
        assert not ask(graph, says.format("harbour-plan-2"))

    def test_what_is_inferred_is_in_its_graph_and_what_is_said_is_not(
        self, built: Path
    ) -> None:
        graph = store.open_store(built)
        inferred = f"GRAPH <{vocab.INFERRED_GRAPH}>"
        conducts = "inspection:lamps-2030 cji:{} body:lamp-office"
        assert ask(graph, f"{inferred} {{ {conducts.format('isConductedBy')} }}")
        assert not ask(graph, f"{inferred} {{ {conducts.format('isLedBy')} }}")

    def test_sources_are_described_in_theirs(self, built: Path) -> None:
        graph = store.open_store(built)
        for thing in ("document:harbour-plan", "passage:harbour-plan-1"):
            assert ask(graph, f"GRAPH <{vocab.SOURCES_GRAPH}> {{ {thing} a ?type }}")

    def test_the_dataset_knows_its_version_and_licence(self, built: Path) -> None:
        graph = store.open_store(built)
        facts = f'owl:versionInfo "{__version__}" ; dcterms:license <{vocab.LICENCE}>'
        assert ask(graph, f"<{vocab.DATASET}> {facts} ; dcterms:title ?title")

    def test_every_statement_of_a_named_graph_is_in_the_default_one(
        self, built: Path
    ) -> None:
        graph = store.open_store(built)
        assert not ask(graph, "GRAPH ?g { ?s ?p ?o } FILTER NOT EXISTS { ?s ?p ?o }")

    def test_only_axioms_hold_blank_nodes(self, built: Path) -> None:
        graph = store.open_store(built)
        blank = "FILTER(isBlank(?s) || isBlank(?o))"
        assert not ask(graph, f"GRAPH ?g {{ ?s ?p ?o }} {blank}")
        ours = f"FILTER(STRSTARTS(STR(?s), '{vocab.ID}') && isBlank(?o))"
        assert not ask(graph, f"?s ?p ?o {ours}")

    def test_it_is_sorted_without_repetition_and_begins_with_data(
        self, built: Path
    ) -> None:
        lines = built.read_bytes().splitlines(keepends=True)
        assert lines == sorted(set(lines))
        assert lines[0].startswith((b"<", b"_:"))

    def test_blank_nodes_of_two_files_are_two(self, mini: Path) -> None:
        for name in ("themes", "alignments"):
            with (mini / f"ontology/{name}.ttl").open("a") as file:
                file.write(f"_:same <https://e.org/p> '{name}' .\n")
        build(mini)
        graph = store.open_store(mini / "out.nq")
        assert not ask(graph, "?s <https://e.org/p> ?a, ?b FILTER(?a != ?b)")

    def test_each_part_is_told_with_its_time(self, mini: Path) -> None:
        told: list[str] = []
        store.build(mini / "ontology", mini / "data", mini / "out.nq", told.append)
        assert [line[:18].strip() for line in told] == [
            "reads the ontology",
            "reads the tables",
            "lifts the rows",
            "reasons",
            "puts in order",
        ]
        assert all(line.endswith(" s") for line in told)

    def test_without_any_source_there_is_the_ontology(self, mini: Path) -> None:
        shutil.rmtree(mini / "data")
        (mini / "data").mkdir()
        assert build(mini).sources == 0
        graph = store.open_store(mini / "out.nq")
        assert ask(graph, "cji:Inspectorate rdfs:subClassOf cji:Body")


class TestCanonical:
    def test_blank_nodes_have_the_same_numbers_however_they_were_named(self) -> None:
        text = "_:{0} <https://e.org/p> _:{1} . _:{1} <https://e.org/q> 'x' ."
        one, other = (
            assemble.canonical(parse(text.format(*names), format=RdfFormat.TURTLE))
            for names in (("a", "b"), ("z", "c"))
        )
        assert one == other
        assert b"_:c14n0" in one

    def test_a_quad_said_twice_is_there_once(self) -> None:
        quad = Quad(
            BlankNode("a"), NamedNode("https://e.org/p"), NamedNode("https://e.org/o")
        )
        assert assemble.canonical([quad, quad]).count(b"\n") == 1

    def test_it_is_the_form_of_the_recommendation(self) -> None:
        """The example of unique hashes in https://www.w3.org/TR/rdf-canon/."""
        text = (
            "@prefix : <http://example.com/#> ."
            ":p :q _:e1 . :p :r _:e0 . _:e1 :s :u . _:e0 :t :u ."
        )
        found = assemble.canonical(parse(text, format=RdfFormat.TURTLE)).decode()
        assert found.replace("http://example.com/", "").splitlines() == [
            "<#p> <#q> _:c14n0 .",
            "<#p> <#r> _:c14n1 .",
            "_:c14n0 <#s> <#u> .",
            "_:c14n1 <#t> <#u> .",
        ]


class TestMistakes:
    def test_wrong_turtle_is_named_by_line_and_column(self, mini: Path) -> None:
        change(mini / "ontology/themes.ttl", "a cji:Theme .", "a cji:Theme ;;")
        (mini / "ontology/themes.ttl").write_text("@prefix a: <x> .\n\na:b a:c")
        with pytest.raises(VocabularyError, match=r"themes\.ttl:3:\d+: unexpected end"):
            build(mini)

    def test_missing_turtle_is_named(self, mini: Path) -> None:
        (mini / "ontology/alignments.ttl").unlink()
        with pytest.raises(VocabularyError, match=r"alignments\.ttl: cannot be read"):
            build(mini)

    def test_a_row_about_nothing_known_is_named(self, mini: Path) -> None:
        change(mini / "data/harbour-plan/links.csv", "theme/lamps", "theme/lamp")
        with pytest.raises(TableError, match=r'links\.csv:2: thing: .*mean "lamps"'):
            build(mini)

    def test_a_theme_that_names_nothing_known_is_named(self, mini: Path) -> None:
        change(mini / "ontology/themes.ttl", "cji:Theme .", "cji:Theme, cji:Thaeme .")
        with pytest.raises(
            VocabularyError, match=r'themes\.ttl: .*cji:Thaeme is; did you mean "Theme"'
        ):
            build(mini)

    def test_an_undeclared_property_is_named(self, mini: Path) -> None:
        change(mini / "data/schema/inspections.json", "#isLedBy", "#isLeadBy")
        with pytest.raises(
            TableError,
            match=r'lead: nothing .*"cji:isLeadBy" is; did you mean "isLedBy"',
        ):
            build(mini)

    def test_a_mistake_leaves_what_was_built_before(self, mini: Path) -> None:
        target = mini / "out.nq"
        target.write_bytes(b"before")
        change(mini / "data/harbour-plan/links.csv", "lamps-2030", "lamps-2039")
        with pytest.raises(TableError, match='no id "lamps-2039" in inspections'):
            build(mini)
        assert target.read_bytes() == b"before"


@pytest.mark.parametrize("seed", ["0", "1", "42"])
def test_the_bytes_depend_on_nothing_but_the_files(
    mini: Path, built: Path, seed: str
) -> None:
    code = (
        "import os, random, sys; from pathlib import Path;"
        "random.seed(int(sys.argv[4]));"
        "listdir, glob = os.listdir, Path.glob;"
        "shuffled = lambda names: random.sample(names, len(names));"
        "os.listdir = lambda *a: shuffled(listdir(*a));"
        "Path.glob = lambda *a: iter(shuffled(list(glob(*a))));"
        "from cjigraph import store;"
        "store.build(*map(Path, sys.argv[1:4]))"
    )
    target = mini / "out.nq"
    subprocess.run(
        [sys.executable, "-c", code, mini / "ontology", mini / "data", target, seed],
        check=True,
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT / "src")},
    )
    assert target.read_bytes() == built.read_bytes()


def failing(patch: pytest.MonkeyPatch, name: str, number: int, code: int) -> None:
    """Let a function of `os` fail when it is called for the given time."""
    calls = iter(range(1, 1_000_000))
    real = getattr(os, name)

    def call(*arguments: object, **options: object) -> object:
        if next(calls) == number:
            raise OSError(code, os.strerror(code))
        return real(*arguments, **options)

    patch.setattr(os, name, call)


def chopped(patch: pytest.MonkeyPatch) -> None:
    """Let `os.write` take a thousand bytes at a time, as a network disk may."""
    real = os.write
    patch.setattr(os, "write", lambda file, data: real(file, data[:1000]))


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EACCES])
@pytest.mark.parametrize(
    "name", ["open", "write", "fsync", "replace", "close", "utime", "makedirs"]
)
def test_a_disk_that_fails_at_any_moment_leaves_old_or_new(
    mini: Path, built: Path, name: str, code: int
) -> None:
    target = mini / "out" / "out.nq"
    for number in range(1, 200):
        shutil.rmtree(target.parent, ignore_errors=True)
        target.parent.mkdir()
        target.write_bytes(b"old")
        error = None
        with pytest.MonkeyPatch.context() as patch:
            chopped(patch)
            failing(patch, name, number, code)
            try:
                build(mini, target)
            except StoreError as caught:
                error = caught
        assert [path.name for path in target.parent.iterdir()] == ["out.nq"]
        assert target.read_bytes() in (b"old", built.read_bytes())
        if error is None:
            assert target.read_bytes() == built.read_bytes()
            return
        assert os.strerror(code).lower() in str(error)
    pytest.fail("it never succeeded")


def test_an_interrupted_write_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "a.nq"
    target.write_bytes(b"old")

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        store.write_whole(target, b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["a.nq"]
    assert target.read_bytes() == b"old"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk quota to hit")
def test_a_limit_on_file_size_is_a_full_disk(mini: Path) -> None:
    code = (
        "import resource, signal, sys; from pathlib import Path;"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096));"
        "from cjigraph import errors, store\n"
        "try: store.build(*map(Path, sys.argv[1:]))\n"
        "except errors.StoreError as error: print(error)"
    )
    target = mini / "out" / "out.nq"
    run = subprocess.run(
        [sys.executable, "-c", code, mini / "ontology", mini / "data", target],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )
    assert "cannot be written: file too large" in run.stdout
    assert list(target.parent.iterdir()) == []


def test_killed_builds_leave_old_or_new(mini: Path, built: Path) -> None:
    target = mini / "out.nq"
    target.write_bytes(b"old")
    code = (
        "import sys; from pathlib import Path; from cjigraph import store\n"
        "while True: store.build(*map(Path, sys.argv[1:]))"
    )
    chance = random.Random(7)  # noqa: S311
    for _ in range(4):
        process = subprocess.Popen(
            [sys.executable, "-c", code, mini / "ontology", mini / "data", target],
            env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        )
        time.sleep(chance.uniform(0.4, 1.2))
        process.kill()
        process.wait()
        assert target.read_bytes() in (b"old", built.read_bytes())


def test_a_file_is_written_where_no_folder_was(tmp_path: Path) -> None:
    store.write_whole(tmp_path / "a" / "b" / "c.nq", b"new")
    assert (tmp_path / "a/b/c.nq").read_bytes() == b"new"


def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "precious").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "precious")
    store.write_whole(tmp_path / "link", b"new")
    assert (tmp_path / "precious").read_bytes() == b"old"
    assert (tmp_path / "link").read_bytes() == b"new"


def test_what_is_written_obeys_the_mask(tmp_path: Path) -> None:
    mask = os.umask(0o027)
    try:
        store.write_whole(tmp_path / "a", b"new")
    finally:
        os.umask(mask)
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o640


class TestOpen:
    @pytest.mark.parametrize("ending", ["nq", "NQ", "nt", "ttl", "trig"])
    def test_a_file_is_read_as_its_name_says(self, tmp_path: Path, ending: str) -> None:
        path = tmp_path / f"a.{ending}"
        path.write_text(
            "<https://e.org/s> <https://e.org/p> 'é'@en .\n".replace("'", '"'), "utf-8"
        )
        assert len(store.open_store(path)) == 1
        assert len(store.open_store(str(path))) == 1

    def test_a_byte_order_mark_is_taken_off(self, tmp_path: Path) -> None:
        path = tmp_path / "a.ttl"
        path.write_text("\ufeff<https://e.org/s> <https://e.org/p> 1 .", "utf-8")
        assert len(store.open_store(path)) == 1

    def test_the_folder_of_a_store_is_read_only(self, tmp_path: Path) -> None:
        folder = tmp_path / "store"
        writable = Store(str(folder))
        writable.update("INSERT DATA { <https://e.org/s> <https://e.org/p> 1 }")
        writable.flush()
        del writable
        graph = store.open_store(folder)
        assert len(graph) == 1
        with pytest.raises(RuntimeError):
            graph.update("INSERT DATA { <https://e.org/s> <https://e.org/p> 2 }")

    def test_a_service_is_refused(self) -> None:
        with pytest.raises(
            InputError, match="this version opens no services; name a file"
        ):
            store.open_store("https://example.org/sparql")

    @pytest.mark.parametrize(
        ("name", "problem"),
        [
            ("none.nq", "there is no such file"),
            ("none.csv", "neither a store nor a file we read; known are .nq, .nt,"),
            ("none", "neither a store nor a file we read"),
            ("folder", "this folder holds no Oxigraph store"),
        ],
    )
    def test_what_is_no_store_is_bad_input(
        self, tmp_path: Path, name: str, problem: str
    ) -> None:
        (tmp_path / "folder").mkdir()
        with pytest.raises(InputError, match=problem) as caught:
            store.open_store(tmp_path / name)
        assert caught.value.exit_code == 2

    @pytest.mark.parametrize(
        "damage",
        [
            lambda content: content[:-5],
            lambda content: content[:1000],
            lambda content: content.replace(b"<https", b"https", 1),
            lambda content: content.replace(b"lamps", b"l\xffmps", 1),
            lambda content: b"\0" * 512,
            lambda content: content.decode().encode("utf-16"),
        ],
        ids=["end", "middle", "bracket", "byte", "zeros", "utf16"],
    )
    @pytest.mark.parametrize("trusted", [False, True])
    def test_a_damaged_file_is_one_line(
        self,
        tmp_path: Path,
        built: Path,
        damage: Callable[[bytes], bytes],
        trusted: bool,
    ) -> None:
        path = tmp_path / "a.nq"
        path.write_bytes(damage(built.read_bytes()))
        with pytest.raises(
            StoreError, match=r"a\.nq:\d+:\d+: damaged or not N-Quads: "
        ) as caught:
            store._load(str(path), RdfFormat.N_QUADS, trusted=trusted)
        assert caught.value.exit_code == 4
        assert str(caught.value).isprintable()

    def test_a_wrong_iri_in_a_users_file_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "a.nt"
        path.write_text("<https://e.org/a b> <https://e.org/p> <https://e.org/o> .\n")
        with pytest.raises(StoreError, match="invalid IRI"):
            store.open_store(path)

    @pytest.mark.parametrize(
        ("name", "how"),  # a cut MANIFEST is not noticed: the engine takes what is left
        [
            ("CURRENT", "cut"),
            ("CURRENT", "gone"),
            ("MANIFEST", "gone"),
            (".sst", "cut"),
            (".sst", "gone"),
        ],
    )
    def test_a_damaged_folder_is_one_line_without_the_engines_words(
        self, tmp_path: Path, name: str, how: str
    ) -> None:
        folder = tmp_path / "store"
        writable = Store(str(folder))
        writable.bulk_load(b"<https://e.org/s> <https://e.org/p> 1 .", RdfFormat.TURTLE)
        writable.optimize()
        writable.flush()
        del writable
        for path in [each for each in folder.iterdir() if name in each.name]:
            if how == "gone":
                path.unlink()
            else:
                path.write_bytes(path.read_bytes()[:-20])
        with pytest.raises((StoreError, InputError)) as caught:
            list(store.open_store(folder))
        said = str(caught.value)
        assert said.isprintable()
        assert "orruption" not in said
        assert "MANIFEST" not in said

    def test_a_store_that_another_process_writes_is_busy(self, tmp_path: Path) -> None:
        folder = tmp_path / "store"
        code = (
            "import sys; from pyoxigraph import Store; store = Store(sys.argv[1]);"
            "print('open', flush=True); sys.stdin.read()"
        )
        process = subprocess.Popen(
            [sys.executable, "-c", code, folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert process.stdout is not None
        assert process.stdin is not None
        try:
            process.stdout.readline()
            with pytest.raises(
                StoreError, match="another process is writing"
            ) as caught:
                store.open_store(folder)
            assert caught.value.exit_code == 4
        finally:
            process.stdin.close()
            process.stdout.close()
            process.wait()
        assert len(store.open_store(folder)) == 0

    def test_many_may_read_a_store_at_once(self, tmp_path: Path) -> None:
        folder = tmp_path / "store"
        Store(str(folder)).flush()
        assert [len(each) for each in [store.open_store(folder) for _ in range(3)]] == [
            0
        ] * 3

    def test_what_the_engine_says_of_a_lock_is_translated(self) -> None:
        error = store.unreadable(OSError("IO error: While lock file: LOCK: busy"), "x")
        assert str(error) == "x: another process is writing this store; try again later"
        error = store.unreadable(OSError("Corruption: block checksum mismatch"))
        assert str(error) == "the store is damaged; build or copy it again"


@pytest.fixture
def checkout(mini: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The toy as a checkout, whose graph has not been built."""
    (mini / "src" / "cjigraph").mkdir(parents=True)
    (mini / "pyproject.toml").touch()
    monkeypatch.setattr(resources, "_PACKAGE", str(mini / "src" / "cjigraph"))
    monkeypatch.setattr(resources, "_ROOT", str(mini))
    return mini


class TestBundled:
    def test_in_a_checkout_it_is_built_first_and_says_so_once(
        self, checkout: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert len(store.open_store()) > 0
        told = capsys.readouterr()
        assert told.out == ""
        assert told.err == "cjigraph: the data have changed; building the graph\n"
        assert len(store.open_store()) > 0
        assert capsys.readouterr().err == ""

    def test_a_change_is_seen_at_the_next_opening(
        self, checkout: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        store.open_store()
        change(checkout / "data/harbour-plan/bodies.csv", "Lamp Office", "Lamp Bureau")
        graph = store.open_store()
        assert ask(graph, 'body:lamp-office rdfs:label "Lamp Bureau"@en')

    def test_a_change_during_the_build_is_not_lost(
        self, checkout: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real = assemble.assemble

        def meanwhile(*arguments: Any) -> tuple[bytes, assemble.Counts]:
            result = real(*arguments)
            os.utime(checkout / "data/harbour-plan/bodies.csv")
            return result

        monkeypatch.setattr(assemble, "assemble", meanwhile)
        store.open_store()
        assert resources.is_stale()

    def test_a_mistake_in_the_data_is_raised_and_nothing_is_written(
        self, checkout: Path
    ) -> None:
        change(checkout / "data/harbour-plan/links.csv", "lamps-2030", "lamps-2039")
        with pytest.raises(TableError):
            store.open_store()
        assert not resources.bundled().exists()

    def test_a_wheel_without_its_graph_is_damaged(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        package = tmp_path / "site-packages" / "cjigraph"
        package.mkdir(parents=True)
        monkeypatch.setattr(resources, "_PACKAGE", str(package))
        monkeypatch.setattr(resources, "_ROOT", str(tmp_path))
        with pytest.raises(StoreError, match="the bundled graph is missing; install"):
            store.open_store()

    def test_two_that_ask_at_once_build_once(
        self, checkout: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        sizes = []
        threads = [
            threading.Thread(target=lambda: sizes.append(len(store.open_store())))
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(sizes) == 4
        assert len(set(sizes)) == 1
        assert capsys.readouterr().err.count("building") == 1

    def test_without_file_locks_one_at_a_time_builds_too(
        self, checkout: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "fcntl", None)
        monkeypatch.setattr(store, "_sync_folder", lambda folder: None)
        path = checkout / "a.lock"
        with store._OneBuilder(str(path)):
            assert path.exists()


def test_readers_see_a_whole_graph_while_it_is_rebuilt(mini: Path, built: Path) -> None:
    target = mini / "out.nq"
    other = mini / "other.nq"
    change(mini / "data/harbour-plan/bodies.csv", "Lamp Office", "Lamp Bureau" * 50)
    build(mini, other)
    contents = [built.read_bytes(), other.read_bytes()]
    sizes = {len(store.open_store(path)) for path in (built, other)}
    store.write_whole(target, contents[0])
    stop = threading.Event()

    def rewrite() -> None:
        while not stop.is_set():
            contents.reverse()
            store.write_whole(target, contents[0])

    writer = threading.Thread(target=rewrite)
    writer.start()
    try:
        seen = {len(store.open_store(target)) for _ in range(200)}
    finally:
        stop.set()
        writer.join()
    assert seen <= sizes


@pytest.mark.skipif(not (ROOT / "ontology/cji.ttl").exists(), reason="no ontology yet")
def test_the_real_graph_is_built_in_seconds(tmp_path: Path) -> None:
    began = time.perf_counter()
    counts = store.build(ROOT / "ontology", ROOT / "data", tmp_path / "out.nq")
    assert time.perf_counter() - began < 20
    assert counts.ontology > 0


def test_a_copy_cut_at_the_end_of_a_line_is_found_out(
    built: Path, tmp_path: Path
) -> None:
    lines = built.read_bytes().splitlines(keepends=True)
    short = tmp_path / "short.nq"
    short.write_bytes(b"".join(lines[:-1]))
    assert len(store.open_store(built)) == len(lines)
    with pytest.raises(StoreError, match="cut short"):
        store.open_store(short)
