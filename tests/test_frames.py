from __future__ import annotations

from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Any

import pytest

from cjigraph.frames import frame


def column(*values: object) -> Any:
    return frame(["x"], [(value,) for value in values])


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        ((1, None), "Int64"),
        ((1.5, None), "Float64"),
        ((1, 1.5), "Float64"),
        ((True, None), "boolean"),
        (("a", None), "string"),
        ((date(2019, 6, 11), None), "datetime64[s]"),
    ],
)
def test_a_column_of_one_kind_has_its_type_and_keeps_what_is_missing(
    values: tuple[object, ...], dtype: str
) -> None:
    made = column(*values)
    assert str(made["x"].dtype) == dtype
    assert made["x"].isna().sum() == values.count(None)
    assert made.attrs == {}


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ((date(2019, 6, 11), "2019"), "holds date and str"),
        ((Decimal("1.50"),), "holds Decimal"),
        ((True, 1), "holds bool and int"),
        ((datetime(2019, 6, 11, tzinfo=timezone.utc),), "holds datetime"),  # noqa: UP017
        ((10**30,), ""),
    ],
)
def test_a_column_that_pandas_cannot_type_stays_as_it_is_and_the_frame_says_why(
    values: tuple[object, ...], reason: str
) -> None:
    made = column(*values)
    assert str(made["x"].dtype) == "object"
    assert list(made["x"]) == list(values)
    assert reason in made.attrs["untyped"]["x"]


def test_an_old_day_is_a_date_too() -> None:
    assert column(date(1215, 6, 15))["x"][0].year == 1215


def test_columns_keep_their_order_and_an_empty_answer_its_columns() -> None:
    assert list(frame(["b", "a"], []).columns) == ["b", "a"]
    assert str(column(None)["x"].dtype) == "object"
