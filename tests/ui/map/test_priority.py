"""The process of the map's page gives way."""

import subprocess
import sys

import psutil

from console.ui.map.priority import NICE, give_way


def test_given_a_process_then_it_gives_way_and_one_that_is_gone_is_no_trouble() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as page:
        give_way(page.pid)
        assert psutil.Process(page.pid).nice() == getattr(psutil, "BELOW_NORMAL_PRIORITY_CLASS", NICE)
        page.communicate(b"\n")
    give_way(page.pid)
