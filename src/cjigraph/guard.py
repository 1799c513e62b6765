r"""What a query may hold, judged from its text before an engine sees it.

The engine fetches whatever SERVICE names, and a small query that is nested too deep
ends the process. Neither can be switched off, so both are refused here, by lexing.

A lexer and a parser can disagree about a text, and whoever writes the query chooses
it. Wherever two readings differ and it matters, the query is refused:

- after a value inside brackets, `<` may open an IRI or mean "less than";
- a string with an impossible escape may be read as a shorter string and more query;
- the engine needs no space after a keyword: `SERVICEa:b{}` is a federated query;
- SPARQL lets `\u0045` stand for `E` anywhere, so that reading is searched as well.
"""

from __future__ import annotations

import re

from cjigraph.errors import LimitError, QueryError
from cjigraph.vocab import BASE, PREFIXES

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

    Path = str | os.PathLike[str]

SIZE = 100_000
"""Bytes of query text."""
DEPTH = 100
"""Brackets within brackets; the engine's parser crashes from about 860."""
STEPS = 1000
"""Operators, keywords and brackets; chains crash the parser from about 3000."""
PATTERNS = 120
"""Triple patterns and other things to join; planning 200 takes many seconds."""

FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_UPDATES = (
    *("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD"),
    "WITH",
)
_DATA = ("VALUES", "CONSTRUCT")
_OPERANDS = ("string", "iri", "name", "variable", "number", "language", "close")

_LETTER = r"[^\x00-@\[-^`{-\x7f]"  # and all beyond ASCII; as a range it compiles slowly
_LETTERS = r"[^\x00-,./:-@\[-^`{-\x7f]*"  # and digits and hyphens
_LOCAL = r"(?:[^\x00-$&-,./;-@\[-^`{-\x7f]|\\.)*"  # and : and %
_ESCAPED = (
    r"\\[tbnrf\"'\\]|\\u(?![dD][89a-fA-F])[0-9A-Fa-f]{4}"
    r"|\\U(?!0000[dD][89a-fA-F])00(?:0[0-9A-Fa-f]|10)[0-9A-Fa-f]{4}"
)
_TOKEN = re.compile(
    rf"""(?P<space>[ \t\r\n]+|\#[^\r\n]*)
    |(?P<word>{_LETTER}{_LETTERS}(?::{_LOCAL})?)
    |(?P<variable>[?$](?:{_LETTER}|[0-9])+)
    |(?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}})*>)
    |(?P<string>\"\"\"(?:"{{0,2}}(?:[^"\\]|{_ESCAPED}))*\"\"\"
        |'''(?:'{{0,2}}(?:[^'\\]|{_ESCAPED}))*'''
        |"(?!"")(?:[^"\\\r\n]|{_ESCAPED})*"
        |'(?!'')(?:[^'\\\r\n]|{_ESCAPED})*')
    |(?P<open><<|{{\||[(\[{{])
    |(?P<operator>\|\||&&|\^\^|[!<>]=|[-+*/!^=<&?])
    |(?P<close>>>|\|}}|[)\]}}])
    |(?P<sign>[>|])
    |(?P<number>[0-9]+(?:[eE][-+]?[0-9]+)?)
    |(?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    |(?P<mark>[.;,])
    |(?P<name>:{_LOCAL})
    |(?P<broken>["'\\])
    |(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_AUTHORITY = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*://")
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_CODE_POINT = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


class Token:
    """A piece of a query: its kind, its text, and how many characters precede it.

    Kinds: word, name, variable, iri, string, number, language, open, close, operator,
    mark, other. A word is a keyword or a function; a name is prefixed.
    """

    __slots__ = ("kind", "start", "text")

    def __init__(self, kind: str, text: str, start: int) -> None:
        self.kind = kind
        self.text = text
        self.start = start

    @property
    def end(self) -> int:
        """How many characters precede what follows it."""
        return self.start + len(self.text)

    def is_word(self, *words: str) -> bool:
        """Whether it is one of these keywords, given in capitals."""
        return self.kind == "word" and self.text.upper() in words


def admit(
    text: str,
    path: Path = "query",
    *,
    size: int = SIZE,
    depth: int = DEPTH,
    steps: int = STEPS,
    patterns: int = PATTERNS,
    graphs: tuple[str, ...] = (BASE,),
) -> list[Token]:
    """Return the pieces of `text` if it may be put to an engine.

    A query that is refused is a `QueryError`, one that asks for what is not allowed a
    `ForbiddenError`, one that is too big a `LimitError`; each names line and column in
    `path`. FROM may name what begins with `graphs`. What passes may still be wrong.
    """
    try:
        _refuse_unfit(text, size)
        _refuse_hidden_service(text)
        found = list(tokens(text))
        _refuse_service(text, found)
        _refuse_update(found)
        _Tally(depth, steps, patterns).count(found)
        _refuse_outside_graphs(found, graphs)
    except _RefusalError as refusal:
        raise refusal.at(text, path) from None
    return found


class ForbiddenError(QueryError):
    """A query asks for what no query may do here, however it is written."""


class _RefusalError(Exception):
    """Why a query is refused, before its place has been put as line and column."""

    def __init__(
        self, problem: str, cure: str, start: int, kind: type = QueryError
    ) -> None:
        super().__init__(problem)
        self.problem, self.cure, self.start, self.kind = problem, cure, start, kind

    def at(self, text: str, path: Path) -> QueryError | LimitError:
        line, column = position(text, self.start)
        error: QueryError | LimitError
        error = self.kind(self.problem, self.cure, path, line, column)
        return error


def position(text: str, start: int) -> tuple[int, int]:
    r"""Return the line and the column, from 1, of the character after `start` others.

    >>> position("SELECT *\nWHERE", 9)
    (2, 1)
    """
    return text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)


def tokens(text: str) -> Iterator[Token]:
    """Yield the pieces of a query, without spaces and comments."""
    within: list[str] = []
    before, at = "", 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found and found.lastgroup == "space":
            at = found.end()
            continue
        token = _token(text, at, found, before, within[-1] if within else "")
        at += len(token.text)
        if token.kind == "open":
            within.append(token.text)
        elif token.kind == "close" and within:
            within.pop()
        before = token.kind
        yield token


def _token(
    text: str, at: int, found: re.Match[str] | None, before: str, within: str
) -> Token:
    kind, piece = (found.lastgroup or "", found[0]) if found else ("other", text[at])
    if kind == "broken":
        raise _unended(piece, at)
    if kind == "word" and ":" in piece:
        kind = "name"
    if piece[0] == "<" and within == "(" and (before in _OPERANDS or before == "word"):
        return _less_than(kind, piece, at)
    return Token("operator" if kind == "sign" else kind, piece, at)


def _unended(piece: str, at: int) -> _RefusalError:
    if piece == "\\":
        return _RefusalError(
            "a stray backslash", "escapes belong in strings and IRIs", at
        )
    return _RefusalError(
        "a string that does not end, or holds an escape that SPARQL lacks",
        f"end it with {piece}, and write a backslash as \\\\",
        at,
    )


def _less_than(kind: str, piece: str, at: int) -> Token:
    """Return what `<` is after a value inside brackets, if there is no doubt."""
    if kind == "iri" and _AUTHORITY.match(piece):
        return Token(kind, piece, at)
    if kind == "open" or (kind == "iri" and ("'" in piece or "#" in piece)):
        raise _RefusalError(
            '"<" can be read in two ways here', "put a space after it", at
        )
    return Token("operator", "<=" if piece == "<=" else "<", at)


def _refuse_unfit(text: str, size: int) -> None:
    try:
        length = len(text.encode())
    except UnicodeEncodeError as error:
        raise _misplaced(text[error.start], error.start) from None
    if length > size:
        problem = f"the query is longer than {size} bytes"
        raise _RefusalError(problem, "ask for less at a time", 0, LimitError)
    unfit = _UNFIT.search(text)
    if unfit:
        raise _misplaced(unfit[0], unfit.start())


def _misplaced(character: str, start: int) -> _RefusalError:
    return _RefusalError(
        f"the character U+{ord(character):04X} has no place in a query",
        "delete it, or write it as an escape inside a string",
        start,
    )


def _refuse_service(text: str, found: list[Token]) -> None:
    if "service" not in text.lower():
        return
    for token in found:
        if token.kind in ("word", "name") and _names_service(token.text):
            raise _RefusalError(
                "SERVICE is refused, since queries never reach the network",
                "ask the other service by itself and join the two answers",
                token.start,
                ForbiddenError,
            )


def _names_service(word: str) -> bool:
    """Whether the part of `word` that a parser may take for a keyword is SERVICE."""
    return "service" in word.partition(":")[0].lower()


def _refuse_hidden_service(text: str) -> None:
    """Refuse SERVICE written with code point escapes, as SPARQL 1.1, 19.2 allows."""
    if "\\" not in text:
        return
    plain = _CODE_POINT.sub(_character, text)
    if "service" not in plain.lower() or plain == text:
        return
    try:
        _refuse_service(plain, list(tokens(plain)))
    except _RefusalError as refusal:
        raise _RefusalError(
            f"with its escapes written out, this holds: {refusal.problem}",
            "write the characters themselves",
            0,
            refusal.kind,
        ) from None


def _character(escape: re.Match[str]) -> str:
    code = int(escape[1] or escape[2], 16)
    return chr(code) if code < 0x110000 else escape[0]


def _refuse_update(found: list[Token]) -> None:
    form = first(found)
    if form is None:
        raise _RefusalError("the query is empty", f"begin with {', '.join(FORMS)}", 0)
    if form.is_word(*_UPDATES):
        raise _RefusalError(
            f"{form.text.upper()} is refused, since the graph is read only",
            "change the tables and run `cjigraph build`",
            form.start,
            ForbiddenError,
        )


def first(found: list[Token]) -> Token | None:
    """Return what follows the prefixes: the form of a query, if all is well."""
    at = 0
    while at < len(found) and found[at].is_word("PREFIX", "BASE", "VERSION"):
        at += 3 if found[at].is_word("PREFIX") else 2
    return found[at] if at < len(found) else None


def prefixes(found: list[Token]) -> dict[str, str]:
    """Return the prefixes a query may use: ours, and those it declares itself."""
    declared = dict(PREFIXES)
    for at, token in enumerate(found[:-2]):
        if token.is_word("PREFIX") and found[at + 2].kind == "iri":
            declared[found[at + 1].text.rstrip(":")] = found[at + 2].text[1:-1]
    return declared


def _refuse_outside_graphs(found: list[Token], ours: tuple[str, ...]) -> None:
    """Refuse FROM with a graph that is not ours; no engine of ours would fetch it."""
    for graph, name in named_graphs(found):
        if not name.startswith(ours):
            raise _RefusalError(
                f"FROM {graph.text} is not a graph of ours, and none is fetched",
                f"name a graph under {ours[0]} or leave FROM out",
                graph.start,
                ForbiddenError,
            )


def named_graphs(found: list[Token]) -> Iterator[tuple[Token, str]]:
    """Yield each graph that a query names by FROM, as it is written and in full."""
    declared: dict[str, str] | None = None
    for at, token in enumerate(found):
        if not token.is_word("FROM"):
            continue
        after = found[at + 1 : at + 3]
        graph = after[1:] if after and after[0].is_word("NAMED") else after[:1]
        if graph:
            declared = prefixes(found) if declared is None else declared
            yield graph[0], _full(graph[0], declared)


def _full(token: Token, declared: dict[str, str]) -> str:
    if token.kind == "iri":
        return token.text[1:-1]
    prefix, _, local = token.text.partition(":")
    return declared.get(prefix, "") + local


class _Tally:
    """Counts what costs an engine dearly, and refuses what is over a limit."""

    def __init__(self, depth: int, steps: int, patterns: int) -> None:
        self.limits = {"depth": depth, "steps": steps, "patterns": patterns}
        self.counts = {"depth": 0, "steps": 0, "patterns": 0}
        self.within: list[str] = []
        self.pending = False
        self.before = "mark"

    def count(self, found: list[Token]) -> None:
        """Go through all the tokens; a count over its limit is a refusal."""
        for token in found:
            kind = token.kind
            if kind == "open" or kind == "close":
                self._brackets(token)
            if "data" not in self.within:
                self._add("steps", self._step(token), token)
                self._add("patterns", self._pattern(token), token)
            if kind == "word":
                self.pending = token.is_word(*_DATA)
            self.before = kind

    def _brackets(self, token: Token) -> None:
        if token.kind == "open":
            data = self.pending and token.text == "{"
            self.within.append("data" if data else token.text)
            self.pending = self.pending and not data
            self._add("depth", len(self.within) - self.counts["depth"], token)
        elif token.kind == "close" and self.within:
            self.within.pop()

    def _step(self, token: Token) -> int:
        if token.kind in ("operator", "word", "open"):
            return 1
        return int(not self.within and token.kind in ("iri", "name"))

    def _pattern(self, token: Token) -> int:
        if token.text in ("{|", "<<"):
            return 3
        if token.text in ("/", "[") or token.is_word("VALUES", "GRAPH"):
            return 1
        if token.kind not in _OPERANDS[:-1] or not self.within:
            return 0
        if self.within[-1] == "(":
            return int(self.before in _OPERANDS)
        return int(self.before in ("mark", "open", "close"))

    def _add(self, what: str, number: int, token: Token) -> None:
        if not number:
            return
        self.counts[what] += number
        if self.counts[what] > self.limits[what]:
            raise _RefusalError(
                _TOO_MUCH[what].format(self.limits[what]),
                "ask a simpler question, or several",
                token.start,
                LimitError,
            )


_TOO_MUCH = {
    "depth": "brackets are nested more than {} deep",
    "steps": "more than {} operators, keywords and brackets",
    "patterns": "more than {} patterns to join",
}
