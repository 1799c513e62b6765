"""The README shows what the commands really print.

Run this file to put the present output into the README.
"""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

README = Path(__file__).parent.parent / "README.md"
CELLS = Path(__file__).parent / "fixtures" / "record" / "cells.csv"
ACCOUNTS = re.compile(r"\| gathered in \|.*?(?=\n\n)", re.DOTALL)
BLOCK = re.compile(r"```console\n\$ (?P<command>[^\n]+)\n(?P<output>.*?)```", re.DOTALL)


def transcripts() -> list[tuple[str, str]]:
    found = BLOCK.finditer(README.read_text(encoding="utf-8"))
    return [(each["command"], each["output"]) for each in found]


def run(command: str, folder: Path) -> str:
    """What a command prints for somebody who types it in an empty folder."""
    scripts = str(Path(sys.executable).parent)
    path = os.pathsep.join([scripts, os.environ["PATH"]])
    done = subprocess.run(  # noqa: S602 (a reader's shell)
        command,
        shell=True,
        cwd=folder,
        env={**os.environ, "PATH": path, "COLUMNS": "88"},
        check=True,
        capture_output=True,
    )
    return done.stdout.decode("utf-8")


def test_the_readme_has_transcripts() -> None:
    assert len(transcripts()) >= 4


@pytest.mark.parametrize(("command", "output"), transcripts())
def test_a_transcript_is_what_the_command_prints(
    command: str, output: str, tmp_path: Path
) -> None:
    assert run(command, tmp_path) == output


def test_every_command_leaves_the_folder_as_it_was(tmp_path: Path) -> None:
    for command, _ in transcripts():
        run(command, tmp_path)
    assert not list(tmp_path.iterdir())


def test_the_two_commands_are_one_line_each() -> None:
    text = README.read_text(encoding="utf-8")
    lines = re.findall(r"^python3 .*$", text, re.MULTILINE)
    assert len(lines) == 2
    assert "cjigraph query" in lines[0]
    assert "pytest" in lines[1]


def accounts() -> str:
    """Return how much of each table of the wider record is in the graph, as a table."""
    with CELLS.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    rows = ["| gathered in | cells | in the graph | left out for a stated reason |"]
    rows.append("|---|--:|--:|--:|")
    for table in sorted({line["table"] for line in lines}):
        cells = {(a["row"], a["cell"]) for a in lines if a["table"] == table}
        kept = {
            (a["row"], a["cell"]) for a in lines if a["table"] == table and a["place"]
        }
        numbers = len(cells), len(kept), len(cells - kept)
        rows.append(f"| `{table}` | {' | '.join(map(str, numbers))} |")
    return "\n".join(rows)


def test_the_accounts_of_the_wider_record_are_as_shown() -> None:
    assert accounts() in README.read_text(encoding="utf-8")


def main() -> None:
    """Put the present output of every command, and the accounts, into the README."""
    text = README.read_text(encoding="utf-8")
    text = ACCOUNTS.sub(lambda _: accounts(), text)
    README.write_text(BLOCK.sub(_rewritten, text), encoding="utf-8")


def _rewritten(found: re.Match[str]) -> str:
    output = run(found["command"], README.parent)
    return f"```console\n$ {found['command']}\n{output}```"


if __name__ == "__main__":
    main()
