"""The whole desk in a process of its own: it starts its hub, signs in, sends, outlives its hub, and ends clean."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.web_engine
def test_given_a_desk_with_its_own_hub_when_the_hub_is_killed_then_it_comes_back_and_the_desk_goes_on(
    tmp_path: Path,
) -> None:
    homes = {name: str(tmp_path / name) for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")}
    ended = subprocess.run(
        [sys.executable, "-m", "tests.together.desk_at_own_hub"],
        cwd=ROOT,
        env={**os.environ, **homes},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    seen = json.loads(ended.stdout.strip().splitlines()[-1])

    assert seen["code"] == 0
    assert (seen["me"], seen["exercise"]) == ("telecommunicator", True)
    assert seen["title"].endswith("EXERCISE")
    assert (seen["accepted"], seen["presence"]) == (True, "away")
    assert seen["played"] == "clinician"
    assert seen["again"]
    assert any("started again" in words for words in seen["told"])
    assert not any("started again" in words for words in seen["stands"]), "what is over is said no more"
    assert seen["accepted_again"]
    assert not seen["folder_left"]
