"""Named questions: find one, read what it says of itself, bind its parameters, run it.

A question is a plain SPARQL file, `queries/<name>.rq`, which runs on any engine. Its
`#+ ` lines say what it asks, which variables are parameters, and what its columns mean.
"""

from __future__ import annotations

import os
import re

from pyoxigraph import Literal, NamedNode, Variable

from cjigraph import guard, header, names, resources
from cjigraph.errors import CjigraphError, QueryError, did_you_mean
from cjigraph.result import Result
from cjigraph.vocab import KINDS, PREFIXES, XSD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pyoxigraph import Store

    from cjigraph.names import Term

    Path = str | os.PathLike[str]
    Terms = dict[Variable, Term]

_KEYS = {"summary", "description", "tags", "parameters", "columns"}
_PARAMETER_KEYS = {"name", "type", "required", "example", "description"}


class Parameter:
    """A variable of a question that whoever asks may give a value.

    Its type is a kind of thing, "thing" for any, or a kind of literal: "date", "year"
    (a whole number), "integer", or "string" (or "label"), which has no language.
    """

    __slots__ = ("description", "example", "name", "required", "type")

    def __init__(self, said: Mapping[str, object]) -> None:
        self.name = str(said["name"])
        self.type = str(said["type"])
        self.required = bool(said.get("required", False))
        self.example = str(said.get("example", ""))
        self.description = str(said.get("description", "")).strip()


class Question:
    """A query with a name, and what its header says of it."""

    __slots__ = (
        "columns",
        "description",
        "name",
        "parameters",
        "path",
        "summary",
        "tags",
        "text",
    )

    def __init__(self, path: Path, text: str) -> None:
        said = header.read(text, path)
        self.path = path
        self.name = os.path.basename(path).removesuffix(".rq")
        self.text = text
        self.summary = str(said.get("summary", "")).strip()
        self.description = str(said.get("description", "")).strip()
        self.tags = tuple(map(str, _list(said, "tags", path)))
        self.columns = {k: str(v) for k, v in _mapping(said, "columns", path).items()}
        self.parameters = _parameters(said, path)
        _refuse_others(said, _KEYS, path)

    @property
    def query(self) -> str:
        """The SPARQL without the header."""
        lines = self.text.split("\n")
        return "\n".join(line for line in lines if not line.startswith("#+")).strip()


def _parameters(said: Mapping[str, object], path: Path) -> dict[str, Parameter]:
    found = {}
    for each in _list(said, "parameters", path):
        if not isinstance(each, dict) or not {"name", "type"} <= set(each):
            raise QueryError("a parameter lacks its name or type", "add it", path)
        _refuse_others(each, _PARAMETER_KEYS, path)
        parameter = Parameter(each)
        if parameter.type not in TYPES:
            cure = did_you_mean(parameter.type, TYPES) or f"use {', '.join(TYPES)}"
            raise QueryError(f'no type "{parameter.type}"', cure, path)
        found[parameter.name] = parameter
    return found


def _list(said: Mapping[str, object], key: str, path: Path) -> list[object]:
    value = said.get(key, [])
    if not isinstance(value, list):
        raise QueryError(f'"{key}" is not a list', "see other files in queries/", path)
    return value


def _mapping(said: Mapping[str, object], key: str, path: Path) -> dict[str, object]:
    value = said.get(key, {})
    if not isinstance(value, dict):
        raise QueryError(f'"{key}" names nothing', "write `name: meaning` lines", path)
    return value


def _refuse_others(said: Mapping[str, object], known: set[str], path: Path) -> None:
    for key in sorted(set(said) - known):
        cure = did_you_mean(key, known) or f"known are {', '.join(sorted(known))}"
        raise QueryError(f'no key "{key}" in a header', cure, path)


def questions(folder: Path | None = None) -> dict[str, Question]:
    """Return the named questions of a folder by name, in order; ours if none is given.

    A header that cannot be read is a `QueryError`.
    """
    return {name: question(name, folder) for name in known(folder)}


def question(name: str, folder: Path | None = None) -> Question:
    """Return a named question; an unknown one is a `QueryError` with the nearest."""
    if name in known(folder):
        path = os.path.join(_folder(folder), f"{name}.rq")
        return Question(path, read(path))
    cure = did_you_mean(name, known(folder)) or "`cjigraph questions` lists them"
    raise QueryError(f'no question "{name}"', cure)


def _folder(folder: Path | None) -> str:
    return resources.locate("queries") if folder is None else os.fspath(folder)


def known(folder: Path | None = None) -> list[str]:
    """Return the names of the questions of a folder, in order; of ours if none."""
    files = os.listdir(_folder(folder))
    return sorted(each.removesuffix(".rq") for each in files if each.endswith(".rq"))


def read(path: Path) -> str:
    """Return the text of a query file, which must be UTF-8."""
    try:
        with open(path, "rb") as file:
            return decoded(file.read(), path)
    except OSError as error:
        problem = f"cannot be read: {error.strerror}"
        raise QueryError(problem, "name another file", path) from None


def decoded(content: bytes, path: Path) -> str:
    """Return query text that came as bytes, without a byte order mark."""
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise QueryError("not UTF-8", "save it as UTF-8", path, line) from None


def bind(question: Question, values: Mapping[str, str], store: Store) -> Terms:
    """Return the terms that the parameters of a question stand for.

    An unknown parameter, a required one that is missing, and a value that does not fit
    its type or names nothing in the store are a `QueryError` that names the parameter.
    """
    for name in values:
        if name not in question.parameters:
            raise _no_parameter(name, question)
    for parameter in question.parameters.values():
        if parameter.required and parameter.name not in values:
            cure = f"give one, such as {parameter.example or parameter.type}"
            raise _about(parameter.name, "a value is required", cure)
    return {
        Variable(name): term(question.parameters[name], value, store)
        for name, value in values.items()
    }


def _no_parameter(name: str, question: Question) -> QueryError:
    known = ", ".join(question.parameters)
    cure = did_you_mean(name, question.parameters)
    cure = cure or (f"it has {known}" if known else "it has none")
    return QueryError(f'no parameter "{name}" in {question.name}', cure)


def _about(parameter: str, problem: str, cure: str) -> QueryError:
    return QueryError(problem, cure, column=parameter)


def term(parameter: Parameter, value: object, store: Store) -> Term:
    """Return the RDF term that a value given for a parameter means."""
    text = str(value).strip()
    if any("\ud800" <= each <= "\udfff" for each in text):
        raise _about(parameter.name, "not UTF-8", "give it as UTF-8")
    if parameter.type in _LITERALS:
        return _LITERALS[parameter.type](parameter, text)
    try:
        return names.resolve(store, text, parameter.type)
    except CjigraphError as error:
        raise _about(parameter.name, error.problem, error.cure) from None


def _date(parameter: Parameter, text: str) -> Literal:
    from datetime import date  # only questions about dates need it

    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return Literal(date.fromisoformat(text).isoformat(), datatype=_XSD_DATE)
    except ValueError:  # such as 30 February
        pass
    raise _about(parameter.name, f'"{text}" is not a date', "write it as 2019-06-30")


def _year(parameter: Parameter, text: str) -> Literal:
    if re.fullmatch(r"[0-9]{4}", text):
        return Literal(int(text))
    raise _about(parameter.name, f'"{text}" is not a year', "write it as 2019")


def _integer(parameter: Parameter, text: str) -> Literal:
    if re.fullmatch(r"[+-]?[0-9]{1,18}", text):
        return Literal(int(text))
    raise _about(parameter.name, f'"{text}" is not a whole number', "write digits only")


def _string(_: Parameter, text: str) -> Literal:
    return Literal(text)


_XSD_DATE = NamedNode(XSD + "date")
_LITERALS: dict[str, Callable[[Parameter, str], Literal]] = {
    "date": _date,
    "integer": _integer,
    "label": _string,
    "string": _string,
    "year": _year,
}
TYPES = (*sorted(_LITERALS), *KINDS, names.ANY)
"""What a parameter may be."""


def ask(question: Question, values: Mapping[str, str], store: Store) -> Result:
    """Return the answer to a named question, given values for its parameters."""
    return run(store, question.text, bind(question, values, store), question.path)


def run(
    store: Store, text: str, terms: Terms | None = None, path: Path = "query"
) -> Result:
    """Return the answer to SPARQL `text`, in which our prefixes need not be declared.

    `terms` are put in the place of variables, which must be among the columns. What the
    guard refuses, what the engine cannot parse and what fails while it runs are one
    `CjigraphError` with the place in `path`, where it has one.
    """
    found = guard.admit(text, path)
    if terms:
        _refuse_ignored(text, found, terms, path)
    try:
        answer = store.query(text, prefixes=PREFIXES, substitutions=terms)
        return Result(answer)
    except SyntaxError as error:
        from cjigraph.mistakes import syntax_error  # only mistakes need it

        raise syntax_error(text, str(error), path) from None
    except (RuntimeError, ValueError, OSError) as error:
        raise _failure(str(error), path) from None


def _refuse_ignored(
    text: str, found: list[guard.Token], terms: Terms, path: Path
) -> None:
    """Refuse a given variable where the engine would silently take it for unbound.

    Its optimiser folds `BOUND(?x)` and a bare `?x` before it puts the term in.
    """
    given = {each.value for each in terms}
    for before, bracket, token, after in zip(
        found, found[1:], found[2:], found[3:], strict=False
    ):
        alone = after.text == ")" and before.is_word("BOUND", "FILTER", "HAVING")
        bare = after.is_word("AS")
        is_given = token.kind == "variable" and token.text[1:] in given
        if bracket.text == "(" and is_given and (alone or bare):
            line, column = guard.position(text, token.start)
            raise QueryError(
                f"the engine takes {token.text} for unbound here though it is given",
                f"use it in a pattern, or COALESCE({token.text}, …)",
                path,
                line,
                column,
            )


def _failure(said: str, path: Path) -> QueryError:
    projected = re.search(r"does not contains? variable (\?\w+)", said)
    if projected:
        problem = f"{projected[1]} is given a value but is not among the columns"
        return QueryError(problem, f"add {projected[1]} to the SELECT", path)
    return QueryError(f"the query failed: {said}", "mend the query", path)
