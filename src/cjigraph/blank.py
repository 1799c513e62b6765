"""An empty source: the folder to fill in when a document is to be added."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from cjigraph import vocab
from cjigraph.errors import InputError, StoreError
from cjigraph.schemas import read_schema
from cjigraph.tables import METADATA, is_source_name

if TYPE_CHECKING:
    from cjigraph.schemas import Schema


def new_source(data: Path, name: str, title: str = "", licence: str = "") -> Path:
    """Make a folder in `data` with every kind of table, empty, and return it.

    Title and licence, if not given here, are to be filled in before anything can be
    built from it. The folder appears whole or not at all; one that is there already, or
    a name that is none for a source, is an `InputError`.
    """
    folder = data / name
    if not is_source_name(name):
        cure = "use small letters, digits and single hyphens, as in plan-2019-21"
        raise InputError(f'"{name}" is no name for a source', cure)
    if folder.exists():
        raise InputError("there is such a folder already", "choose another", folder)
    schemas = [read_schema(path) for path in sorted(data.glob("schema/*.json"))]
    if not schemas:
        cure = "work in a checkout, or name its data folder with --data"
        raise InputError("no table schemas here", cure, data / "schema")
    try:
        _write(folder, _files(name, schemas, title, licence))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise StoreError(f"cannot be written: {reason}", "", folder) from None
    return folder


def _files(
    name: str, schemas: list[Schema], title: str, licence: str
) -> dict[str, str]:
    """Return the text of each file by its name."""
    tables = {f"{each.name}.csv": each for each in schemas}
    files = {file: ",".join(each.header) + "\n" for file, each in tables.items()}
    return {METADATA: _metadata(name, list(tables), title, licence), **files}


def _metadata(name: str, files: list[str], title: str, licence: str) -> str:
    """Return the metadata in the layout of ours: one table, one line."""
    lines = ",\n".join(f"    {json.dumps(_listed(file))}" for file in files)
    return f"""{{
  "@context": ["{vocab.CSVW}", {{"@language": "en"}}],
  "@id": "{vocab.DOCUMENT}{name}",
  "dc:title": {json.dumps(title, ensure_ascii=False)},
  "dc:license": {json.dumps({"@id": licence} if licence else "")},
  "tables": [
{lines}
  ]
}}
"""


def _listed(file: str) -> dict[str, str]:
    return {"url": file, "tableSchema": f"../schema/{Path(file).stem}.json"}


def _write(folder: Path, files: dict[str, str]) -> None:
    """Write the files into a folder of another name, then give it its own."""
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for name, text in files.items():
            (made / name).write_text(text, encoding="utf-8", newline="\n")
        made.chmod(0o755)
        made.rename(folder)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
