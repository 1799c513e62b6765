"""Read the schemas of tables: a named subset of CSV on the Web.

See https://www.w3.org/TR/tabular-metadata/. A key outside the subset is refused by
name, so that nothing a schema says is ever silently passed over. Every reader takes
`report`, which is called with each mistake that leaves the rest readable; the first is
raised by default.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn
from urllib.parse import quote

from cjigraph import vocab
from cjigraph.datatypes import DATATYPES, EDTF, Datatype
from cjigraph.errors import TableError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    Report = Callable[[TableError], object]
    Kinds = tuple[type, ...]

PASSAGES = "passages"
PAGES = "pages"
PASSAGE_TABLES = frozenset({PASSAGES, PAGES})
"""The kinds of table that describe passages: with offsets in a text, or without one."""
DOCUMENTS = "documents"
UNSOURCED = PASSAGE_TABLES | {DOCUMENTS}
"""The kinds of table that describe sources, and so name no passage themselves."""

CANDIDATES = "candidates"
"""The folder of tables whose rows are no facts, and so have no passage."""

PASSAGE_COLUMN = "passage"
"""The column in which every other table says where a row is from."""


def stop(error: TableError) -> NoReturn:
    """Raise `error`: what `report` does for those who want the first mistake only."""
    raise error


class Template(NamedTuple):
    """A URI template of level 2 (RFC 6570): a text, then columns with what follows."""

    start: str
    parts: tuple[tuple[str, bool, str], ...]

    def expand(self, cells: Mapping[str, str]) -> str | None:
        """Return the IRI for a row, or None if a cell it names is empty.

        >>> template("https://example.org/{a}#{+b}").expand({"a": "ä/", "b": "ä/"})
        'https://example.org/%C3%A4%2F#%C3%A4/'
        """
        text = self.start
        for name, reserved, following in self.parts:
            if not cells[name]:
                return None
            text += quote(cells[name], safe=_RESERVED if reserved else "") + following
        return text

    @property
    def names(self) -> list[str]:
        """The columns it names."""
        return [name for name, _, _ in self.parts]


_RESERVED = ":/?#[]@!$&'()*+,;=%"
_EXPRESSION = re.compile(r"\{(\+?)([a-z][a-z0-9_]*)\}")


def template(text: str) -> Template:
    """Return the template that `text` writes down, or raise ValueError(problem, cure).

    Only `{column}` and `{+column}` are read. A prefix that CSVW fixes is expanded.
    """
    pieces = _EXPRESSION.split(_absolute(text))
    if any(brace in piece for piece in pieces[::3] for brace in "{}"):
        raise ValueError(f'"{text}" is no template', "use {column} and {+column} only")
    parts = zip(pieces[2::3], pieces[1::3], pieces[3::3], strict=True)
    return Template(
        pieces[0], tuple((name, plus == "+", end) for name, plus, end in parts)
    )


def _absolute(text: str) -> str:
    prefix, _, rest = text.partition(":")
    if text.startswith(("http://", "https://", "{+")):
        return text
    if prefix in vocab.CSVW_PREFIXES:
        return vocab.CSVW_PREFIXES[prefix] + rest
    cure = did_you_mean(prefix, vocab.CSVW_PREFIXES) or "write it in full"
    raise ValueError(f'"{text}" is no full IRI, and CSVW fixes no such prefix', cure)


class Column(NamedTuple):
    """What a schema says of a column; `format` must match the whole of a cell."""

    name: str
    datatype: Datatype
    format: re.Pattern[str] | None
    required: bool
    lang: str | None
    about: Template | None
    property: Template | None
    value: Template | None
    suppressed: bool
    virtual: bool


class ForeignKey(NamedTuple):
    """These columns name a row of another kind of table by these columns of its own."""

    columns: tuple[str, ...]
    schema: Path
    keys: tuple[str, ...]


class Schema(NamedTuple):
    """A kind of table; its `name` is that of its file, such as "inspections"."""

    path: Path
    name: str
    title: str
    about: Template
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...]

    @property
    def is_sourced(self) -> bool:
        """Whether each row must name the passage that says it."""
        is_fact = self.path.parent.name != CANDIDATES
        return is_fact and self.name not in UNSOURCED

    @property
    def header(self) -> list[str]:
        """The columns a file of this kind has, in their order."""
        return [column.name for column in self.columns if not column.virtual]


class JsonFile:
    """A JSON file that can say on which line something in it is wrong."""

    def __init__(self, path: Path, report: Report = stop) -> None:
        self.path = path
        self.report = report
        self.text = read_text(path)
        self.value = self._parse()

    def _parse(self) -> dict[str, Any]:
        try:
            value = json.loads(self.text, object_pairs_hook=self._once)
        except json.JSONDecodeError as error:
            problem = f"not JSON: {error.msg[0].lower()}{error.msg[1:]}"
            raise TableError(
                problem, "", self.path, error.lineno, error.colno
            ) from None
        except RecursionError:
            raise self.fault("nested too deeply") from None
        if not isinstance(value, dict):
            raise self.fault("not a JSON object", "begin it with {")
        return value

    def _once(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in pairs]
        for key in {key for key in keys if keys.count(key) > 1}:
            self.report(self.fault(f'"{key}" is said twice', "remove one", key))
        return dict(pairs)

    def fault(
        self, problem: str, cure: str = "", word: str = "", where: str = ""
    ) -> TableError:
        """Return the error at the first line that holds `word` in quotation marks."""
        place = self.text.find(json.dumps(word, ensure_ascii=False)) if word else -1
        line = self.text.count("\n", 0, place) + 1 if place >= 0 else None
        return TableError(problem, cure, self.path, line, where or None)

    def check_keys(
        self, value: object, allowed: Mapping[str, Kinds], where: str = ""
    ) -> dict[str, Any]:
        """Return those of the keys of `value` that are known and of a right kind."""
        if not isinstance(value, dict):
            raise self.fault(f"{where or 'this'} must be an object")
        return {
            key: each
            for key, each in value.items()
            if self._is_known(key, allowed, where)
            and self._fits(key, each, allowed[key], where)
        }

    def _is_known(self, key: str, allowed: Mapping[str, Kinds], where: str) -> bool:
        if key not in allowed:
            cure = did_you_mean(key, allowed) or f"known are {', '.join(allowed)}"
            problem = f'"{key}" is outside the subset of CSVW that is read'
            self.report(self.fault(problem, cure, key, where))
        return key in allowed

    def _fits(self, key: str, value: object, kinds: Kinds, where: str) -> bool:
        fits = isinstance(value, kinds)
        if not fits:
            cure = f"write {' or '.join(_KINDS[kind] for kind in kinds)}"
            self.report(self.fault(f'"{key}" is of a wrong kind', cure, key, where))
        return fits

    def require(self, value: Mapping[str, Any], key: str, where: str = "") -> Any:
        """Return what is said at `key`, or raise the error that nothing is."""
        if not value.get(key):
            raise self.fault(f'"{key}" is missing', "say it", where, where)
        return value[key]


_KINDS = {
    str: "a text",
    bool: "true or false",
    list: "a list",
    dict: "an object",
}


def read_text(path: Path) -> str:
    """Return the text of a file that must be UTF-8 without a byte order mark."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise TableError("the file is missing", "", path) from None
    except OSError as error:
        raise TableError(f"cannot be read: {error.strerror}", "", path) from None
    if content.startswith(b"\xef\xbb\xbf"):
        cure = "save it as UTF-8 without one"
        raise TableError("begins with a byte order mark", cure, path, 1, 1)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = _position(content[: error.start])
        raise TableError("not UTF-8", "save it as UTF-8", path, line, column) from None


def _position(before: bytes) -> tuple[int, int]:
    last = before.rpartition(b"\n")[2]
    return before.count(b"\n") + 1, len(last.decode("utf-8", "replace")) + 1


_CONTEXT: Kinds = (str, list)
_NAMES: Kinds = (str, list)
_SCHEMA_KEYS: dict[str, Kinds] = {
    "@context": _CONTEXT,
    "@id": (str,),
    "dc:title": (str,),
    "dc:description": (str,),
    "aboutUrl": (str,),
    "columns": (list,),
    "primaryKey": _NAMES,
    "foreignKeys": (list,),
    "rowTitles": _NAMES,
}
_COLUMN_KEYS: dict[str, Kinds] = {
    "name": (str,),
    "titles": (str,),
    "dc:description": (str,),
    "datatype": (str, dict),
    "required": (bool,),
    "lang": (str,),
    "propertyUrl": (str,),
    "valueUrl": (str,),
    "aboutUrl": (str,),
    "suppressOutput": (bool,),
    "virtual": (bool,),
}
_DATATYPE_KEYS: dict[str, Kinds] = {"@id": (str,), "base": (str,), "format": (str,)}
_FOREIGN_KEYS: dict[str, Kinds] = {"columnReference": _NAMES, "reference": (dict,)}
_REFERENCE_KEYS: dict[str, Kinds] = {
    "schemaReference": (str,),
    "columnReference": _NAMES,
}
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def read_schema(path: Path, report: Report = stop) -> Schema:
    """Return the schema a file holds, every part of it checked against the others.

    A schema with any mistake is not returned: all but the last are reported, and that
    one is raised.
    """
    faults: list[TableError] = []
    try:
        schema = _read(path, faults.append)
    except TableError as error:
        faults.append(error)
    for fault in faults[:-1]:
        report(fault)
    if faults:
        raise faults[-1]
    return schema


def _read(path: Path, report: Report) -> Schema:
    file = JsonFile(path, report)
    said = file.check_keys(file.value, _SCHEMA_KEYS)
    check_context(file)
    about = _template(file, file.require(said, "aboutUrl"), "aboutUrl")
    schema = Schema(
        path=path.resolve(),
        name=path.stem,
        title=said.get("dc:title", path.stem),
        about=about or Template("", ()),
        columns=tuple(_column(file, each) for each in file.require(said, "columns")),
        primary_key=_names(file.require(said, "primaryKey")),
        foreign_keys=tuple(
            _foreign_key(file, each) for each in said.get("foreignKeys", [])
        ),
    )
    for error in _incoherences(file, schema):
        report(error)
    return schema


def check_context(file: JsonFile) -> None:
    """Report a JSON file that does not say it is CSVW."""
    context = file.value.get("@context")
    if vocab.CSVW not in (context if isinstance(context, list) else [context]):
        cure = f'write "@context": "{vocab.CSVW}"'
        file.report(file.fault("does not name the context of CSVW", cure, "@context"))


def _column(file: JsonFile, value: object) -> Column:
    where = value.get("name") if isinstance(value, dict) else None
    name = where if isinstance(where, str) else ""
    said = file.check_keys(value, _COLUMN_KEYS, name or "a column")
    if not _NAME.fullmatch(name):
        cure = "name it in small letters, digits and _"
        raise file.fault("a column has no proper name", cure, name)
    datatype, format_ = _datatype(file, said.get("datatype", "string"), name)
    return Column(
        name=name,
        datatype=datatype,
        format=format_,
        required=said.get("required", False),
        lang=said.get("lang"),
        about=_template(file, said.get("aboutUrl"), name),
        property=_template(file, said.get("propertyUrl"), name),
        value=_template(file, said.get("valueUrl"), name),
        suppressed=said.get("suppressOutput", False),
        virtual=said.get("virtual", False),
    )


def _template(file: JsonFile, text: str | None, where: str) -> Template | None:
    try:
        return None if text is None else template(text)
    except ValueError as error:
        problem, cure = error.args
        file.report(file.fault(problem, cure, text or "", where))
        return None


def _datatype(
    file: JsonFile, value: str | dict[str, Any], name: str
) -> tuple[Datatype, re.Pattern[str] | None]:
    if isinstance(value, str):
        return _named_datatype(file, value, name), None
    said = file.check_keys(value, _DATATYPE_KEYS, name)
    base = said.get("base", "string")
    format_ = _format(file, said["format"], base, name) if "format" in said else None
    if "@id" not in said:
        return _named_datatype(file, base, name), format_
    if said["@id"] != vocab.EDTF or base != "string":
        cure = f"only {vocab.EDTF} on the base string is known"
        file.report(file.fault("unknown datatype", cure, said["@id"], name))
    return EDTF, format_


def _named_datatype(file: JsonFile, datatype: str, name: str) -> Datatype:
    if datatype not in DATATYPES:
        cure = did_you_mean(datatype, DATATYPES) or f"known are {', '.join(DATATYPES)}"
        problem = f'unknown datatype "{datatype}"'
        file.report(file.fault(problem, cure, datatype, name))
    return DATATYPES.get(datatype, DATATYPES["string"])


def _format(file: JsonFile, text: str, base: str, name: str) -> re.Pattern[str] | None:
    if base not in ("string", "anyURI"):
        cure = "leave it out; each datatype is written in one way only"
        file.report(file.fault('"format" is read for texts only', cure, text, name))
        return None
    try:
        return re.compile(text)
    except re.error as error:
        problem = f'"format" is no regular expression: {error.msg}'
        file.report(file.fault(problem, "", text, name))
        return None


def _foreign_key(file: JsonFile, value: object) -> ForeignKey:
    said = file.check_keys(value, _FOREIGN_KEYS, "foreignKeys")
    where = "foreignKeys"
    columns = _names(file.require(said, "columnReference", where))
    reference = file.require(said, "reference", where)
    target = file.check_keys(reference, _REFERENCE_KEYS, where)
    schema = file.path.parent / file.require(target, "schemaReference", where)
    if not schema.is_file():
        problem = f'no schema "{target["schemaReference"]}"'
        known = [path.name for path in file.path.parent.glob("*.json")]
        cure = did_you_mean(schema.name, known)
        file.report(file.fault(problem, cure, target["schemaReference"], where))
    keys = _names(file.require(target, "columnReference", where))
    return ForeignKey(columns, schema.resolve(), keys)


def _names(value: str | list[Any]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(str(each) for each in value)


def _incoherences(file: JsonFile, schema: Schema) -> Iterator[TableError]:
    yield from _wrong_order(file, schema)
    yield from _wrong_names(file, schema)
    for column in schema.columns:
        for problem, cure in _wrong_column(column, schema):
            yield file.fault(problem, cure, column.name, column.name)


def _wrong_order(file: JsonFile, schema: Schema) -> Iterator[TableError]:
    names = [column.name for column in schema.columns]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield file.fault("two columns have this name", "rename one", name, name)
    virtual = [column.virtual for column in schema.columns]
    if virtual != sorted(virtual):
        yield file.fault("a virtual column stands before a real one", "move it last")
    if schema.is_sourced and PASSAGE_COLUMN not in schema.header:
        yield file.fault(
            f'no column "{PASSAGE_COLUMN}"',
            "add it, for every row says where it is from",
        )


def _wrong_names(file: JsonFile, schema: Schema) -> Iterator[TableError]:
    """Yield keys and templates of the whole table that name no column."""
    header = schema.header
    uses = [("primaryKey", name) for name in schema.primary_key]
    uses += [("aboutUrl", name) for name in schema.about.names]
    uses += [
        ("foreignKeys", each) for key in schema.foreign_keys for each in key.columns
    ]
    for where, name in uses:
        if name not in header:
            cure = did_you_mean(name, header)
            yield file.fault(f'no column "{name}"', cure, where, where)
    for key in schema.foreign_keys:
        if len(key.columns) != len(key.keys):
            problem = "the two sides of a foreign key differ in length"
            yield file.fault(problem, "", "foreignKeys", "foreignKeys")


def _wrong_column(column: Column, schema: Schema) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with one column, and the cure."""
    yield from _unknown_names(column, schema)
    if not column.property and not column.suppressed:
        yield "no propertyUrl", 'add it, or "suppressOutput": true'
    if column.virtual and not column.value:
        yield "a virtual column without valueUrl", "add it"
    if column.name in schema.about.names and not _is_filled(column, schema):
        yield "may be empty but is named by aboutUrl", 'add "required": true'
    if column.lang and column.datatype is not DATATYPES["string"]:
        yield "only a string can be in a language", 'leave out "lang"'
    if column.lang and not _LANGUAGE.fullmatch(column.lang):
        yield f'"{column.lang}" is no language tag', 'write it as "en"'


def _is_filled(column: Column, schema: Schema) -> bool:
    return column.required or column.name in schema.primary_key


def _unknown_names(column: Column, schema: Schema) -> Iterator[tuple[str, str]]:
    texts = {each.name for each in schema.columns if each.datatype.iri.endswith("URI")}
    for each in (column.about, column.property, column.value):
        for name in each.names if each else ():
            if name not in schema.header:
                yield f'no column "{name}"', did_you_mean(name, schema.header)
        if each and not each.start and each.parts[0][0] not in texts:
            yield "a whole IRI is taken from a text", 'give it the datatype "anyURI"'
