"""What a figure says of itself: ratio, limit, and the two forms it is printed in."""

import json

import pytest

from console.bench.figure import Figure, percentile, shortly, table

RATIO = Figure("command to paint", 30.0, "ms", 3.0, "how it was", baseline=12.0)


@pytest.mark.parametrize(
    ("figure", "ok"),
    [
        (RATIO, True),
        (Figure("slow", 37.0, "ms", 3.0, "", baseline=12.0), False),
        (Figure("rate", 900.0, "1/s", 0.5, "", baseline=1800.0, at_least=True), True),
        (Figure("rate", 899.0, "1/s", 0.5, "", baseline=1800.0, at_least=True), False),
        (Figure("memory", 200.0, "MB", 200.0, ""), True),
        (Figure("memory", 200.1, "MB", 200.0, ""), False),
        (Figure("turn", 49.0, "ms", 50.0, "", baseline=0.1, of_value=True), True),
        (Figure("turn", 51.0, "ms", 50.0, "", baseline=60.0, of_value=True), False),
        (Figure("median", 900.0, "ms", None, "", baseline=1.0), True),
    ],
)
def test_given_a_limit_when_measured_then_ok_says_whether_it_was_kept(figure: Figure, ok: bool) -> None:
    assert figure.ok is ok


def test_given_a_figure_when_written_as_a_line_then_it_has_what_the_program_promises() -> None:
    line = json.loads(RATIO.as_line())
    assert line == {
        "name": "command to paint", "value": 30.0, "unit": "ms", "baseline": 12.0, "ratio": 2.5, "limit": 3.0, "ok": True,
        "how": "how it was",
    }  # fmt: skip


def test_given_figures_of_each_kind_when_tabled_then_a_row_each_with_the_limit_as_it_is_meant() -> None:
    rows = table(
        [
            RATIO,
            Figure("rate", 1899.4, "1/s", 0.5, "", baseline=1800.0, at_least=True),
            Figure("memory", 156.2, "MB", 200.0, ""),
            Figure("turn", 51.0, "ms", 50.0, "", baseline=2.0, of_value=True),
            Figure("median", 4.0, "ms", None, "", baseline=2.0),
        ]
    ).splitlines()
    assert [row.count("|") for row in rows] == [7] * 7
    assert rows[2:] == [
        "| command to paint | 30 ms | 12 ms | 2.50 | ≤ 3 x | yes |",
        "| rate | 1,899 1/s | 1,800 1/s | 1.06 | ≥ 0.5 x | yes |",
        "| memory | 156 MB | — | — | ≤ 200 MB | yes |",
        "| turn | 51 ms | 2 ms | 25.50 | ≤ 50 ms | NO |",
        "| median | 4 ms | 2 ms | 2.00 | — | yes |",
    ]


def test_given_a_missed_limit_when_told_shortly_then_measured_and_wanted_stand_together() -> None:
    assert shortly(Figure("slow", 37.0, "ms", 3.0, "", baseline=10.0)) == "37 ms, 3.70 x its baseline; wanted: ≤ 3 x"


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [
        ([], 99, 0.0),
        ([7.0], 99.9, 7.0),
        ([1.0, 2.0, 30.0], 50, 2.0),
        ([float(n) for n in range(101)], 99, 99.0),
        ([float(n) for n in range(1001)], 99.9, 999.0),
        ([float(n) for n in range(1001)], 0.1, 1.0),
    ],
)
def test_percentile_is_the_value_that_so_many_do_not_exceed(values: list[float], percent: float, expected: float) -> None:
    assert percentile(values, percent) == pytest.approx(expected)
