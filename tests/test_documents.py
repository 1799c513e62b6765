from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from cjigraph import documents
from cjigraph.documents import excerpt, read_document
from cjigraph.errors import DocumentError

TEXT = "Naïve café 🕯\nSecond line\n"
DIGEST = sha256(TEXT.encode()).hexdigest()


COPY = TEXT.encode()


def save(folder: Path, name: str = "plan.txt", content: bytes = COPY) -> None:
    (folder / name).write_bytes(content)


def test_a_copy_under_its_own_name_is_found(tmp_path: Path) -> None:
    save(tmp_path)
    assert read_document(tmp_path, "plan", DIGEST) == TEXT


def test_a_copy_under_any_name_is_found_by_what_it_holds(tmp_path: Path) -> None:
    save(tmp_path, "a.txt", b"something else")
    save(tmp_path, "z.txt")
    assert read_document(tmp_path, "plan", DIGEST.upper()) == TEXT


def test_a_copy_saved_by_windows_is_the_same_text(tmp_path: Path) -> None:
    windows = b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode()
    save(tmp_path, content=windows)
    assert read_document(tmp_path, "plan", DIGEST) == TEXT


def test_a_changed_copy_is_refused(tmp_path: Path) -> None:
    save(tmp_path, content=TEXT.replace("Second", "second").encode())
    with pytest.raises(DocumentError, match="not the text that the graph describes"):
        read_document(tmp_path, "plan", DIGEST)


def test_a_missing_copy_says_under_which_name_to_save_it(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"no copy of plan; save .* as plan\.txt"):
        read_document(tmp_path, "plan", DIGEST)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="no such folder"):
        read_document(tmp_path / "none", "plan", DIGEST)


def test_a_text_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    save(tmp_path, content=b"caf\xe9")
    with pytest.raises(DocumentError, match="not UTF-8"):
        read_document(tmp_path, "plan", sha256(b"caf\xe9").hexdigest())


def test_huge_files_and_folders_are_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "LARGEST", 10)
    save(tmp_path)
    (tmp_path / "folder.txt").mkdir()
    with pytest.raises(DocumentError):
        read_document(tmp_path, "plan", DIGEST)


def test_places_are_counted_in_code_points() -> None:
    assert excerpt(TEXT, 11, 12) == "🕯"


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (3, 3), (4, 2), (0, 1000)])
def test_a_place_outside_the_text_is_refused(start: int, end: int) -> None:
    with pytest.raises(DocumentError, match="no passage from"):
        excerpt(TEXT, start, end)
