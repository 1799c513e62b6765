"""What all sections of a response pack write with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cjigraph.consult import balance
from cjigraph.consult.pack import Ref
from cjigraph.record.table import Thing

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from cjigraph.consult.frame import Frame, Piece
    from cjigraph.networks import Source
    from cjigraph.record import Record


class Writer:
    """Turns IRIs into what readers see, and passages into the numbers of notes."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame

    @property
    def record(self) -> Record:
        """The record that the pack is about."""
        return self.frame.record

    def cite(self, sources: Iterable[Source]) -> tuple[int, ...]:
        """Return the numbers of some passages among the notes."""
        return self.frame.notes.cite(sources)

    def thing(self, thing: str) -> Thing:
        """Return a thing by its label."""
        return Thing(self.record.label(thing), thing)

    def things(self, things: Iterable[str]) -> tuple[Thing, ...]:
        """Return things by their labels."""
        return tuple(map(self.thing, things))

    def bodies(self, bodies: Iterable[str]) -> tuple[Thing, ...]:
        """Return bodies by the names that people know them by."""
        return tuple(Thing(balance.named(self.record, body), body) for body in bodies)

    def ref(self, piece: Piece) -> Ref:
        """Return a link to the line of an entry or of recent work."""
        label = self.record.label(piece.work)
        return Ref(f"{piece.ref.text} {label}", piece.ref.anchor)

    def refs(self, pieces: Iterable[Piece]) -> tuple[Ref, ...]:
        """Return links to the lines of several pieces."""
        return tuple(map(self.ref, pieces))

    def reports(self, piece: Piece, *, after: date | None = None) -> tuple[str, ...]:
        """Return the titles and dates of the dated reports on a piece, or the later."""
        found = {
            each.thing: each
            for work in piece.members
            for each in self.record.published(work)
            if after is None or (each.span.last is not None and each.span.last > after)
        }
        return tuple(
            f"{self.record.label(each.thing)}, {each.words}"
            for each in sorted(found.values(), key=lambda each: (each.span, each.thing))
        )

    def question(self, number: int) -> str:
        """Return the question that a section answers.

        That is the one which the consultation on the programme numbers so, if the
        record has it.
        """
        held = self.record.said_of(self.frame.programme, "cji:isConsultationOn")
        for link in held:
            for asked in self.record.said(link.subject, "cji:asks"):
                positions = self.record.facts(asked.value, "cji:position")
                if any(text == str(number) for text, _ in positions):
                    return f"The consultation asks: {self.record.label(asked.value)}"
        return _QUESTIONS[number]


_QUESTIONS = {
    1: "Does the proposed work duplicate, overlap or clash with other work?",
    2: "Are there other subjects that the programme should take in?",
    3: "Is the programme balanced?",
}


def listed(names: list[str], last: str = "and") -> str:
    """Return names as people list them.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    before = ", ".join(names[:-1])
    return f"{before} {last} {names[-1]}" if before else names[-1]


def count(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun.

    >>> count(1, "entry", "entries"), count(2, "pair")
    ('1 entry', '2 pairs')
    """
    return f"{number} {one if number == 1 else many or one + 's'}"


def capital(text: str) -> str:
    """Return a text that begins with a capital letter."""
    return text[:1].upper() + text[1:]
