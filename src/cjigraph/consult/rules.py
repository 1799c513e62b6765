"""The rules by which a response pack goes beyond what sources say.

Each has a name, which stands beside every line that rests on it, and words from which
somebody else can work the same thing out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cjigraph.consult.pack import Rule

if TYPE_CHECKING:
    from cjigraph.consult.options import Options

PARTS = "parts-count-as-the-whole"
WHOLE = "the-whole-does-its-parts"
UNDER = "themes-count-for-what-they-hang-under"
SUCCESSORS = "successors-count-as-one"
LASTING = "how-long-work-lasts"
PLANNED = "how-long-an-entry-lasts"
NO_LOOK = "scoping-is-no-look"
RECENT = "what-is-recent"
SUBJECT = "shared-subject"
AGENCY = "shared-agency"
PARTNERS = "shared-partners"
TIME = "shared-time"
NATURE = "what-a-pair-may-be"
RELATED = "related-by-the-sources"
REMOVE = "related-at-a-remove"
GAP = "not-looked-at"
UNFOLLOWED = "not-followed-up"
UNPLANNED = "announced-but-not-an-entry"
CALL = "named-as-a-reason"
NOTHING_CAME = "nothing-came-of-it"
SHARE = "share"
EVENNESS = "evenness"


def rules(options: Options) -> tuple[Rule, ...]:
    """Return every rule with its words, in which the options stand as they were set."""
    return tuple(Rule(name, words) for name, words in _words(options).items())


def _words(options: Options) -> dict[str, str]:
    return {
        PARTS: (
            "What is said of a part of a piece of work (a phase, a deep dive) "
            "counts for the whole as well. Of the parts of an entry, only those "
            "whose time meets the programme's count; earlier ones stand in the "
            "recent record by themselves, and are not compared with their whole."
        ),
        WHOLE: (
            "Where no source says who carries out a part, it is whoever carries "
            "out the whole."
        ),
        UNDER: (
            "Work about a theme counts for every theme, process and cross-cutting "
            "issue that the theme hangs under. That work is about a theme is a "
            "source's statement; where a theme hangs is this graph's judgement."
        ),
        SUCCESSORS: (
            "A body that took over from another counts as the same one."
        ),
        LASTING: (
            "Work lasts from the first day that sources allow to the last, or to "
            "its last report. A core programme goes on until a source says that "
            "it ended. Work of which no source says when takes the time of the "
            "programme that plans it, or else of the work that it is part of. A "
            "date that is only a year or a month covers all its days."
        ),
        PLANNED: (
            "An entry lasts from the start of its work, or else of the programme, "
            "to the last day on which its report is expected, or else to the end "
            "of the programme. What is known only since is not used."
        ),
        NO_LOOK: (
            "A scoping study is not counted as a look at what it is about, nor is "
            "work of which no more is known than that it was planned."
        ),
        RECENT: (
            f"Recent work was going on within the {_years(options.years)} before "
            "the day of this pack, or later within the time of the programme, and "
            "is no entry of it. Work that is only planned counts if it is for the "
            "time of the programme. Pieces are counted whole."
        ),
        SUBJECT: (
            "4 points for a theme in common; else 3 where a theme of the one lies "
            "within a theme of the other; else 1 where two themes lie within one "
            "wider theme. Processes and cross-cutting issues are too wide to "
            "count."
        ),
        AGENCY: (
            "3 points for an examined body in common; else 2 where a body that "
            "the one examines belongs to a group that the other examines."
        ),
        PARTNERS: "1 point for each inspecting body in common, up to 2.",
        TIME: (
            "1 point if the two go on at the same time, or if one ended less than "
            "a year before the other began."
        ),
        NATURE: (
            "A pair may be a duplicate if it shares a theme, an agency and the "
            "time; an overlap if it shares a subject in any other way; a clash if "
            "it shares an agency but no subject, and both go on at the same time "
            "within the programme's. Pairs with fewer than "
            f"{options.least} points out of 10 are left out."
        ),
        RELATED: (
            "Sources relate two pieces of work if one follows, informs or is part "
            "of the other, or cites a report on it. Such a pair is listed apart: "
            "a follow-up is not a duplicate."
        ),
        REMOVE: (
            "Work is related at a remove if it follows work that follows the "
            "other, and so on, or if both follow the same earlier work."
        ),
        GAP: (
            "A gap is what no entry but a scoping study covers, and what has had "
            f"no look in the {_years(options.years)} before the day of this pack. "
            "Who looks at a group of agencies looks at each of them. What the "
            "record speaks of only after the programme is left out."
        ),
        UNFOLLOWED: (
            f"Work that reported more than {_years(options.follow_up)} and at "
            f"most {_years(options.years)} before the day of this pack, and that "
            "no work begun by the end of the programme follows. Core programmes "
            "are left out: they come back of themselves."
        ),
        UNPLANNED: (
            "Work that a passage places within the time of the programme, or that "
            "another programme plans for it, and that has no entry of its own and "
            "is no part of one."
        ),
        CALL: (
            "A review, policy or law that a source names in explaining an entry "
            "is taken as a call for the work; so is work that a source says may "
            "come of a scoping study."
        ),
        NOTHING_CAME: (
            "No report on it, or no inspection that follows it, is on record by "
            "the day of this pack. That there is none does not follow."
        ),
        SHARE: (
            "A share is the number of pieces that fall under a heading, divided "
            "by the number of those of which a source says anything in that "
            "respect. A piece may fall under several headings, so that shares can "
            "add up to more than one."
        ),
        EVENNESS: (
            "Take each heading's part of all counts under the heading's kind, "
            "square these parts, add them up and divide one by the sum (inverse "
            "Simpson). The result is the number of headings that would be as even "
            "if all were equal."
        ),
    }  # fmt: skip


def _years(count: int) -> str:
    return "year" if count == 1 else f"{count} years"
