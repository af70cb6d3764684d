"""One measured figure beside its baseline, and how a run of them is written down."""

from collections.abc import Sequence
from statistics import median, quantiles

import msgspec


class Figure(msgspec.Struct, frozen=True):
    """What was measured, the raw baseline of the same run, and the limit that the ratio (or the value) must keep.

    `limit` speaks of the ratio where there is a baseline, else of the value, and of the value all the same where it is
    `of_value`; `at_least` turns it round; None is none, for what is only told. The machine is shared and noisy: a ratio
    holds, a time does not.
    """

    name: str
    value: float
    unit: str
    limit: float | None
    how: str
    baseline: float | None = None
    at_least: bool = False
    of_value: bool = False

    @property
    def ratio(self) -> float | None:
        """Value over baseline."""
        return self.value / self.baseline if self.baseline else None

    @property
    def ok(self) -> bool:
        """Whether the limit is kept."""
        if self.limit is None:
            return True
        measured = self.value if self.of_value or self.ratio is None else self.ratio
        return measured >= self.limit if self.at_least else measured <= self.limit

    def as_line(self) -> str:
        """The figure as one JSON object on one line."""
        shown = {
            "name": self.name, "value": round(self.value, 4), "unit": self.unit, "baseline": _rounded(self.baseline),
            "ratio": _rounded(self.ratio), "limit": self.limit, "ok": self.ok, "how": self.how,
        }  # fmt: skip
        return msgspec.json.encode(shown).decode()


def table(figures: Sequence[Figure]) -> str:
    """The figures as a Markdown table, which a terminal shows well enough and a note can take as it is."""
    lines = ["| figure | measured | raw baseline | ratio | limit | ok |", "|---|---:|---:|---:|---:|---|"]
    for figure in figures:
        base = "—" if figure.baseline is None else f"{_shown(figure.baseline)} {figure.unit}"
        ratio = "—" if figure.ratio is None else f"{figure.ratio:.2f}"
        measured, kept = f"{_shown(figure.value)} {figure.unit}", "yes" if figure.ok else "NO"
        lines.append(f"| {figure.name} | {measured} | {base} | {ratio} | {_limit(figure)} | {kept} |")
    return "\n".join(lines)


def shortly(figure: Figure) -> str:
    """What was measured and what was wanted, in a few words."""
    ratio = "" if figure.ratio is None else f", {figure.ratio:.2f} x its baseline"
    return f"{_shown(figure.value)} {figure.unit}{ratio}; wanted: {_limit(figure)}"


def percentile(values: Sequence[float], percent: float) -> float:
    """The value that `percent` of the values do not exceed, by linear interpolation; 0 for none."""
    if len(values) < 2:
        return values[0] if values else 0.0
    if percent == 50:
        return median(values)
    cuts = quantiles(values, n=1000, method="inclusive")
    return cuts[min(998, max(0, round(percent * 10) - 1))]


def _limit(figure: Figure) -> str:
    if figure.limit is None:
        return "—"
    of = figure.unit if figure.of_value or not figure.baseline else "x"
    return f"{'≥' if figure.at_least else '≤'} {figure.limit:g} {of}"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _shown(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
