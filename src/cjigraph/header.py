"""The `#+ ` lines at the top of a query file, in a small named subset of YAML.

Mappings `key: value`, lists of mappings `- key: value`, lists of scalars `[a, b]` and
folded text after `>`, indented by two spaces. A scalar is text, plain or in quotes, a
whole number, `true` or `false`. A date is text. Anything else is refused, above all
what YAML would quietly take for something other than text, such as `no` and `1.5`.
"""

from __future__ import annotations

import re

from cjigraph.errors import QueryError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os

    Path = str | os.PathLike[str]
    Scalar = str | int | bool
    Value = Scalar | list["Value"] | dict[str, "Value"]
    Lines = list["_Line"]

# Patterns are text, for most headers need few of them and compiling them takes time.
_LINE = r"#\+(?: [^\t]*[^\s])?"
_KEY = r"([A-Za-z_][A-Za-z0-9_-]*):(?: +(.*))?$"
_WHOLE_NUMBER = r"-?(?:0|[1-9][0-9]*)"
_DOUBLE = r'"((?:[^"\\]|\\["\\])*)"'
_SINGLE = r"'((?:[^']|'')*)'"
_PLAIN = r"(?![-?:] |[-?:]$)[^\s\[\]{},#&*!|>'\"%@`].*"
_OTHER = (
    r"(?i:yes|no|on|off|y|n|true|false|null|~|[-+]?\.(inf|nan)|=|<<)"
    r"|(?![0-9]+-[0-9]+$|[0-9]{4}-[0-9]{2}-[0-9]{2}$)[-+.]?[0-9][-+.:_0-9]*"
    r"|[-+]?[0-9][0-9._]*[eE][-+]?[0-9]+|[-+]?0[xob][0-9a-fA-F_]+"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}[Tt ].*"
)
"""What some YAML takes for something other than text; dates are left as text."""


class _Line:
    __slots__ = ("indent", "number", "path", "text")

    def __init__(self, path: Path, number: int, text: str) -> None:
        self.text = text.strip(" ")
        self.indent = len(text) - len(text.lstrip(" ")) if self.text else 0
        self.path, self.number = path, number

    def error(self, problem: str, cure: str) -> QueryError:
        return QueryError(problem, cure, self.path, self.number)


def read(text: str, path: Path) -> dict[str, Value]:
    r"""Return what the header of the query `text` says; without a header, nothing.

    >>> read("#+ summary: Who?\n#+ tags: [bodies, law]\nASK {}", "who.rq")
    {'summary': 'Who?', 'tags': ['bodies', 'law']}
    """
    lines = _lines(text, path)
    value = _mapping(lines, 0)
    if lines:
        raise lines[0].error("the indentation fits nothing above", "use two spaces")
    return value


def _lines(text: str, path: Path) -> Lines:
    found = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.startswith("#+"):
            break
        if not re.fullmatch(_LINE, line):
            raise _Line(path, number, line).error(
                'a header line is not "#+ " and text', "use no tab, end in no space"
            )
        found.append(_Line(path, number, line[3:]))
    return found


def _mapping(lines: Lines, indent: int) -> dict[str, Value]:
    """Take the lines of a mapping from the front of `lines`."""
    found: dict[str, Value] = {}
    while lines and lines[0].indent == indent and not lines[0].text.startswith("- "):
        line = lines.pop(0)
        match = re.match(_KEY, line.text)
        if not match:
            raise line.error("not a `key: value`", "see other files in queries/")
        if match[1] in found:
            raise line.error(f'"{match[1]}" is said twice', "keep one of them")
        found[match[1]] = _value(line, (match[2] or "").strip(), lines, indent)
    return found


def _value(line: _Line, text: str, lines: Lines, indent: int) -> Value:
    if text == ">":
        return _folded(line, lines, indent + 2)
    if text.startswith("["):
        return _list(line, text)
    if text:
        return scalar(line, text)
    if not lines or lines[0].indent != indent + 2:
        raise line.error("nothing is said after the colon", "say it or drop the key")
    if lines[0].text.startswith("- "):
        return _items(lines, indent + 2)
    return _mapping(lines, indent + 2)


def _items(lines: Lines, indent: int) -> list[Value]:
    found: list[Value] = []
    while lines and lines[0].indent == indent and lines[0].text.startswith("- "):
        lines[0].text = lines[0].text[2:]
        lines[0].indent = indent + 2
        found.append(_mapping(lines, indent + 2))
    return found


def _folded(line: _Line, lines: Lines, indent: int) -> str:
    """Take folded text: a line break is a space, an empty line a line break."""
    taken = []
    while lines and (not lines[0].text or lines[0].indent >= indent):
        if lines[0].text and lines[0].indent > indent:
            raise lines[0].error("folded text is indented further", "use two spaces")
        taken.append(lines.pop(0).text)
    said = "\n".join(taken).rstrip("\n")
    if not said or said.startswith("\n"):
        raise line.error("nothing is said after the colon", "say it or drop the key")
    return re.sub(r"(?<!\n)\n(?!\n)", " ", said).replace("\n\n", "\n") + "\n"


def _list(line: _Line, text: str) -> list[Value]:
    if not text.endswith("]"):
        raise line.error('a list does not end with "]"', "keep it on one line")
    inner = text[1:-1].strip()
    return [scalar(line, item.strip()) for item in inner.split(",")] if inner else []


def scalar(line: _Line, text: str) -> Scalar:
    """Return the text, whole number or truth value that `text` stands for."""
    if text in ("true", "false"):
        return text == "true"
    if text[:1].isalpha() and len(text) > len("false") and not _is_torn(text):
        return text  # as most are
    if re.fullmatch(_WHOLE_NUMBER, text):
        return int(text)
    if match := re.fullmatch(_DOUBLE, text):
        return re.sub(r"\\(.)", r"\1", match[1])
    if match := re.fullmatch(_SINGLE, text):
        return match[1].replace("''", "'")
    if re.fullmatch(_OTHER, text) or not re.fullmatch(_PLAIN, text) or _is_torn(text):
        raise line.error(f"`{text}` may not be read as text", "put it in quotes")
    return text


def _is_torn(text: str) -> bool:
    """Whether YAML would end a plain text before its last character."""
    return ": " in text or " #" in text or text.endswith(":")
