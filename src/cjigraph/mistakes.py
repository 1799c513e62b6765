"""What is wrong with a query that an engine cannot parse.

The engine says where it gave up and what else it could have read there. That place may
be a few words late, for it looks ahead; so the usual mistakes are looked for first.
"""

from __future__ import annotations

import re

from cjigraph.errors import QueryError, did_you_mean
from cjigraph.guard import FORMS, first, position, prefixes, tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

    from cjigraph.guard import Token

    Path = str | os.PathLike[str]

WORDS = frozenset(
    """
    A ABS ADJUST ALL AS ASC ASK AVG BASE BIND BNODE BOUND BY CEIL COALESCE CONCAT
    CONSTRUCT CONTAINS COUNT DATATYPE DAY DESC DESCRIBE DISTINCT ENCODE_FOR_URI EXISTS
    FALSE FILTER FLOOR FROM GRAPH GROUP GROUP_CONCAT HASLANG HASLANGDIR HAVING HOURS IF
    IN IRI ISBLANK ISIRI ISLITERAL ISNUMERIC ISTRIPLE ISURI LANG LANGDIR LANGMATCHES
    LATERAL LCASE LIMIT MAX MD5 MIN MINUS MINUTES MONTH NAMED NOT NOW OBJECT OFFSET
    OPTIONAL ORDER PREDICATE PREFIX RAND REDUCED REGEX REPLACE ROUND SAMETERM SAMPLE
    SECONDS SELECT SEPARATOR SHA1 SHA256 SHA384 SHA512 SILENT STR STRAFTER STRBEFORE
    STRDT STRENDS STRLANG STRLANGDIR STRLEN STRSTARTS STRUUID SUBJECT SUBSTR SUM
    TIMEZONE TRIPLE TRUE TZ UCASE UNDEF UNION URI UUID VALUES VERSION WHERE YEAR
    """.split()  # noqa: SIM905 (easier to read)
)
"""The words of SPARQL 1.1 queries, and those of 1.2 that the engine knows."""

_SAID = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
_KEYWORDS = re.compile(r"(?<![\w\"'])(?:[A-Z][A-Z_]+\d*|[a-z]+[A-Z]\w+)\b")
_EXACT = re.compile(r"\"[^\"]+\"|\['[^_]")
_SENTENCE = re.compile(r"(?:[A-Z]\w+|SELECT \*) [a-zA-Z()*' -]*[a-z](?: [a-zA-Z ]+)?")
_CURES = {
    "IRI parsing failed": "an IRI has no spaces, and is whole unless BASE is given",
    "SELECT * is not authorized": "name the columns you group by",
    "The SELECT contains a variable": "name it in GROUP BY, or count or SAMPLE it",
    "BIND is overriding": "choose a name that is not in use",
}


class _Mistake:
    """Something wrong at a place in a query."""

    __slots__ = ("cure", "problem", "start")

    def __init__(self, start: int, problem: str, cure: str) -> None:
        self.start, self.problem, self.cure = start, problem, cure


def syntax_error(text: str, said: str, path: Path = "query") -> QueryError:
    """Return what an engine's complaint `said` about `text` means."""
    found = list(tokens(text))
    mistake = (
        _no_form(found)
        or _unknown_prefix(found)
        or _unknown_word(found)
        or _unpaired(found)
        or _unreadable(text, said)
    )
    line, column = position(text, mistake.start)
    return QueryError(mistake.problem, mistake.cure, path, line, column)


def _no_form(found: list[Token]) -> _Mistake | None:
    token = first(found)
    if token is None or token.is_word(*FORMS):
        return None
    cure = _near(token.text, FORMS) or f"begin with {', '.join(FORMS)}"
    return _Mistake(token.start, f'a query does not begin with "{token.text}"', cure)


def _near(word: str, known: Iterable[str]) -> str:
    """Return the nearest keyword to a word; short words are near to everything."""
    return did_you_mean(word.upper(), known) if len(word) > 3 else ""


def _unknown_prefix(found: list[Token]) -> _Mistake | None:
    known = prefixes(found)
    for before, token in zip([None, *found], found, strict=False):
        prefix = token.text.partition(":")[0]
        declared = before is not None and before.is_word("PREFIX")
        if token.kind != "name" or declared or prefix == "_" or prefix in known:
            continue
        cure = did_you_mean(prefix, known) or "`cjigraph prefixes` lists those we know"
        return _Mistake(token.start, f'no prefix "{prefix}"', cure)
    return None


def _unknown_word(found: list[Token]) -> _Mistake | None:
    for token in found:
        if token.kind == "word" and token.text.upper() not in WORDS:
            cure = _near(token.text, WORDS)
            cure = cure or "a variable begins with ?, and a name has a prefix"
            return _Mistake(token.start, f'"{token.text}" is not SPARQL', cure)
    return None


_PAIRS = {"(": ")", "[": "]", "{": "}", "<<": ">>", "{|": "|}"}


def _unpaired(found: list[Token]) -> _Mistake | None:
    """Return the bracket that has no partner, or whose partner is of another kind."""
    unclosed: list[Token] = []
    for token in found:
        if token.kind == "open":
            unclosed.append(token)
        is_pair = token.kind != "close" or _closes(token, unclosed)
        if not is_pair:
            return _Mistake(token.start, f'"{token.text}" closes nothing', _PAIR)
    if unclosed:
        token = unclosed[-1]
        return _Mistake(token.start, f'"{token.text}" is not closed', _PAIR)
    return None


def _closes(token: Token, unclosed: list[Token]) -> bool:
    return bool(unclosed) and _PAIRS[unclosed.pop().text] == token.text


_PAIR = "brackets go in pairs"


def _unreadable(text: str, said: str) -> _Mistake:
    """Return the place that an engine names, and what it says of it."""
    match = _SAID.match(said)
    if not match:
        return _Mistake(0, said, "mend the query")
    start = _start(text, int(match[1]), int(match[2]), match[3])
    sentence = _SENTENCE.search(match[3])
    if sentence:
        cures = (cure for begin, cure in _CURES.items() if begin in match[3])
        return _Mistake(start, sentence[0], next(cures, "mend the query"))
    if text[start:].strip():
        cure = "compare it with a question of ours: `cjigraph questions`"
        return _Mistake(start, "cannot be read as SPARQL from here on", cure)
    return _at_the_end(text)


def _at_the_end(text: str) -> _Mistake:
    """Return why the engine gave up at the end, where it says nothing more."""
    end = len(text.rstrip())
    if not text.rstrip().endswith("}"):
        cure = "it needs a pattern in braces, and a number after LIMIT"
        return _Mistake(end, "the query ends too early", cure)
    cure = "look for a doubled dot, a short VALUES row, or BIND to a name in use"
    return _Mistake(end, "this is not SPARQL, somewhere before its end", cure)


def _start(text: str, line: int, column: int, expected: str) -> int:
    """Return where the engine began to read what it did not find.

    It reads as many characters as a keyword has before it compares them.
    """
    lines = text.split("\n")
    end = sum(len(each) + 1 for each in lines[: line - 1]) + column - 1
    keywords = _KEYWORDS.findall(_SENTENCE.sub("", expected))
    if _EXACT.search(expected) or not keywords:
        return min(end, len(text))
    return max(0, end - max(map(len, keywords)))
