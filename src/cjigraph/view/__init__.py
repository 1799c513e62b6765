"""Pages that show networks and charts: one file each, complete in itself.

`page` makes them all; a served page or a notebook takes the same ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cjigraph.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyoxigraph import Store

    from cjigraph.result import Result
    from cjigraph.view.html import View

    Href = Callable[[str], str]


def page(store: Store, name: str, *, href: Href = str, **params: Any) -> View:
    """Return the page of a view, of a chart, or of the answer to a named question.

    `names` lists the views and charts. `params` are those of the view (`of`, `steps`)
    or of the question. `href` turns the IRI of a thing into the address of its page.
    An unknown name is an `InputError` that says what comes nearest.
    """
    from cjigraph import query
    from cjigraph.view import charts, html, pictures

    if name in pictures.VIEWS:
        return html.draw(_call(pictures.VIEWS[name], name, store, params), href)
    if name in charts.CHARTS:
        return charts.page(_call(charts.CHARTS[name], name, store, params), href)
    if name not in query.known():
        known = [*names(), *query.known()]
        cure = did_you_mean(name, known) or f"views are {', '.join(names())}"
        raise InputError(f'no view or question is called "{name}"', cure)
    question = query.question(name)
    given = {key: str(value) for key, value in params.items()}
    result = query.ask(question, given, store)
    return answer(store, result, question.summary, href=href)


def answer(
    store: Store, result: Result, title: str = "An answer", *, href: Href = str
) -> View:
    """Return the page of an answer that holds things, or links between them."""
    from cjigraph.view import html, pictures

    return html.draw(pictures.answer(store, result, title), href)


def names() -> list[str]:
    """Return the names of the views and charts."""
    from cjigraph.view import charts, pictures

    return [*pictures.VIEWS, *charts.CHARTS]


def _call(
    view: Callable[..., Any], name: str, store: Store, params: dict[str, Any]
) -> Any:
    """Return what a view makes; a parameter it does not take is an `InputError`."""
    known = view.__code__.co_varnames[1 : view.__code__.co_argcount]
    for given in params:
        if given not in known:
            takes = f"it takes {' and '.join(known)}" if known else "it takes none"
            raise InputError(f'the view "{name}" has no parameter "{given}"', takes)
    if name == "around" and "of" not in params:
        raise InputError('the view "around" needs a thing', "name it")
    return view(store, **params)
