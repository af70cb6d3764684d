"""`protocol compare` as a person calls it: tables, rows that move, rows with faults, and what is refused."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from console.__main__ import main
from tests.hub.test_configuration import FILES
from tests.recorded.made_up import HEADER, MAPPING, row

Compare = Callable[..., int]


def _configuration(folder: Path, *changes: tuple[str, str, str]) -> Path:
    for name, content in FILES.items():
        for changed, old, new in changes:
            assert changed != name or old in content
            content = content.replace(old, new) if changed == name else content
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    return folder


NEEDS_NOTHING = ("eligibility.yaml", "    needs: [weapon]\n", "")
NIGHTS = ("agency.toml", "opens = 09:15:00, closes = 23:45:00", "opens = 09:15:00, closes = 04:00:00")


@pytest.fixture
def compare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Compare:
    """Compare two configurations that differ so, on these rows."""
    monkeypatch.chdir(tmp_path)

    def run(
        *rows: str, changes: tuple[tuple[str, str, str], ...] = (), mapping: str = MAPPING, more: tuple[str, ...] = ()
    ) -> int:
        old, new = _configuration(tmp_path / "old"), _configuration(tmp_path / "new", *changes)
        (tmp_path / "calls.csv").write_text("\n".join((HEADER, *rows, "")), encoding="utf-8")
        (tmp_path / "map.toml").write_text(mapping, encoding="utf-8")
        return main(["protocol", "compare", str(old), str(new), "--calls", "calls.csv", "--map", "map.toml", *more])

    return run


def test_what_moves_is_counted_and_its_rows_are_shown_and_written(
    compare: Compare, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [row(number=str(n), nature="CRISIS", beat=f"=B{n % 2}", time=f"0{n}:00:00PM") for n in range(1, 5)]
    rows.append(row(number="9", nature="OTHER", priority=""))
    files = ("--rows", "rows.csv", "--counts", "counts.csv")
    assert compare(*rows, changes=(NEEDS_NOTHING,), more=files) == 0
    out = capsys.readouterr().out
    assert "5 rows: 5 calls readable\n4 of 5 calls move; 2 combinations judged\n" in out
    assert "  TEAM          0 → 4             4 → 0  1 → 1       4     0          1\n" in out
    assert "By nature: 1 of 2 move\n  nature         calls  TEAM\n  CRISIS Crisis      4    +4\n" in out
    assert "By hour: 4 of 5 move\n  hour  calls  TEAM\n  13        1    +1\n" in out
    assert "By area: 2 of 3 move" in out
    assert "Judged as received: a rule on a fact that only a question tells moves nothing here." in out
    assert "Not compared" not in out, "the policy, the protocols and the facts are the same"
    assert "  row 2, 2025-01-15 13:00:00, CRISIS Crisis: TEAM: not enough known → eligible" in out

    with Path("rows.csv").open(encoding="utf-8-sig", newline="") as file:
        written = list(csv.DictReader(file))
    assert [each["row"] for each in written] == ["2", "3", "4", "5"]
    assert (written[0]["area"], written[0]["priority"], written[0]["source"]) == ("'=B1", "2", "phone")
    assert (written[0]["moved"], written[0]["because"]) == (
        "TEAM: not enough known → eligible",
        "TEAM: not known yet: Weapon",
    )

    with Path("counts.csv").open(encoding="utf-8-sig", newline="") as file:
        counts = list(csv.DictReader(file))
    for dimension in ("programme", "nature", "hour", "area"):
        assert sum(int(each["calls"]) for each in counts if each["by"] == dimension and each["programme"] == "TEAM") == 5
    assert {
        "by": "hour",
        "value": "13",
        "programme": "TEAM",
        "before": "not enough known",
        "after": "eligible",
        "calls": "1",
    } in counts


def test_hours_of_duty_move_beside_the_verdicts_and_never_change_them(
    compare: Compare, capsys: pytest.CaptureFixture[str]
) -> None:
    night = row(number="1", nature="CRISIS", date="1/14/2025", time="01:00:00AM")
    sunday = row(number="2", nature="CRISIS", date="1/13/2025", time="02:30:00AM")
    out_of_list = row(number="3", nature="OTHER", date="1/13/2025", time="02:30:00AM")
    assert compare(night, sunday, out_of_list, changes=(NIGHTS,)) == 0
    out = capsys.readouterr().out
    assert "0 of 3 calls move" in out
    assert "  TEAM           2             0 → 2       2     0\n" in out
    assert "Rows that move, by verdict or by hours: 2 of 2\n" in out
    assert "TEAM: now on duty" in out


def test_where_only_the_date_is_known_no_hour_is_counted(compare: Compare, capsys: pytest.CaptureFixture[str]) -> None:
    mapping = MAPPING.replace('["Date", "Time"]', '"Date"').replace(" %I:%M:%S%p", "") + ""
    mapping = mapping.replace('zone = "America/New_York"', 'zone = "America/New_York"\ntime_of_day = "12:00"')
    assert compare(row(nature="CRISIS"), changes=(NEEDS_NOTHING, NIGHTS), mapping=mapping) == 0
    out = capsys.readouterr().out
    assert "  not known      1    +1\n" in out
    assert "  TEAM           0             0 → 0       0     0\n" in out


def test_rows_with_faults_are_counted_and_listed_and_the_others_compared(
    compare: Compare, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = (row(number="1", nature="CRISIS"), row(number="2", date="soon"), "1,2,3", row(number="3", nature="ZEBRA"))
    assert compare(*rows, changes=(NEEDS_NOTHING,)) == 1
    said = capsys.readouterr()
    assert "4 rows: 2 calls readable, 2 listed in calls.findings.csv" in said.out
    assert "1 of 2 calls move" in said.out
    assert "1 x wrong number of columns" in said.err
    assert "ZEBRA" in said.err
    listed = (tmp_path / "calls.findings.csv").read_text("utf-8-sig")
    assert [line.split(",")[0] for line in listed.splitlines()] == ["row", "3", "4", "5"]


def test_a_nature_that_only_the_old_configuration_has_is_said(compare: Compare, capsys: pytest.CaptureFixture[str]) -> None:
    mapping = MAPPING.replace('"PERSON IN CRISIS" = "CRISIS"', "")
    gone = ("natures.csv", "CRISIS,Crisis", "KRISE,Krise")
    assert compare(row(nature="CRISIS"), row(number="2", nature="OTHER"), changes=(gone,), mapping=mapping) == 1
    said = capsys.readouterr()
    assert "1 of 2 calls move" in said.out
    assert "CRISIS Crisis → OTHER Other, unsorted: TEAM: not enough known → not" in said.out
    assert "1 x a nature that only the old configuration has: judged with the new one's unmapped nature" in said.err


def test_one_call_of_several_rows_is_one_call(compare: Compare, capsys: pytest.CaptureFixture[str]) -> None:
    mapping = MAPPING.replace('beat = "Beat"', 'unit = "Beat"')
    compare(*(row(nature="CRISIS", beat=unit) for unit in ("U1", "U2", "U3")), changes=(NEEDS_NOTHING,), mapping=mapping)
    assert "1 of 1 calls move" in capsys.readouterr().out


def test_a_hundred_rows_that_move_are_not_all_shown(compare: Compare, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [row(number=str(n), nature="CRISIS", beat=f"B{n}") for n in range(100)]
    assert compare(*rows, changes=(NEEDS_NOTHING,)) == 0
    out = capsys.readouterr().out
    assert "Rows that move, by verdict or by hours: 20 of 100; all of them with --rows FILE.csv" in out
    assert out.count("  row ") == 20
    assert "and 70 more: see --counts" in out


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (("eligibility.yaml", "needs: [weapon]", "needs: [sword]"), "new: eligibility.yaml"),
        (("natures.csv", "CRISIS,Crisis", "KRISE,Crisis"), "for the new configuration: nature.table"),
    ],
)
def test_a_configuration_that_is_faulty_or_does_not_fit_is_refused_with_its_findings(
    compare: Compare, capsys: pytest.CaptureFixture[str], change: tuple[str, str, str], what: str
) -> None:
    assert compare(row(), changes=(change,)) == 2
    said = capsys.readouterr().err
    assert what in said and "Nothing was compared." in said


def test_nothing_that_is_read_is_overwritten(compare: Compare, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert compare(row(), more=("--rows", "calls.csv")) == 2
    assert compare(row(), more=("--rows", "same.csv", "--counts", "same.csv")) == 2
    assert "would overwrite what is read" in capsys.readouterr().err
    assert (tmp_path / "calls.csv").read_text("utf-8").startswith(HEADER)


def test_a_file_that_the_mapping_does_not_fit_is_refused(compare: Compare, capsys: pytest.CaptureFixture[str]) -> None:
    assert compare(row(), mapping=MAPPING.replace('"Priority"', '"Urgency"')) == 2
    assert 'the file has no column "Urgency"' in capsys.readouterr().err
