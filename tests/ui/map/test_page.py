"""The page's HTML and what stands behind its links."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from console.ui.map import page
from console.ui.map.source import content
from console.ui.resources import resource_path


def test_given_the_page_then_every_link_is_a_file_that_the_desk_serves_itself() -> None:
    links = re.findall(r'(?:src|href)="([^"]+)"', page.build_page())
    assert set(links) == {*page.SCRIPTS, *page.STYLES}
    for name in links:
        assert content(name)


def test_given_page_and_scripts_then_no_outside_address_is_in_them() -> None:
    texts = [page.build_page(), *(path.read_text(encoding="utf-8") for path in resource_path("map").iterdir())]
    assert not [address for text in texts for address in re.findall(r"https?://\S+", text)]


def test_given_a_name_that_the_page_does_not_use_then_nothing_is_served() -> None:
    assert content("../theme/tokens.json") is None


def test_given_a_kept_page_when_it_is_asked_for_again_then_folium_is_not_loaded(tmp_path: Path) -> None:
    first = page.page_html(tmp_path)
    code = (
        "import sys; from pathlib import Path; from console.ui.map.page import page_html; "
        "html = page_html(Path(sys.argv[1])); assert 'folium' not in sys.modules; sys.stdout.write(html)"
    )
    again = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, check=True, text=True, encoding="utf-8"
    )
    assert again.stdout == first
    assert [kept.suffix for kept in tmp_path.iterdir()] == [".html"]


def test_given_a_broken_or_unwritable_cache_then_the_page_is_built_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "build_page", lambda: "<p>built</p>")
    file = tmp_path / "a file where the folder should be"
    file.write_text("")
    assert page.page_html(file) == "<p>built</p>"
    page.page_html(tmp_path / "cache")
    (kept,) = (tmp_path / "cache").iterdir()
    kept.write_bytes(b"\xff\xfe not text")
    assert page.page_html(tmp_path / "cache") == "<p>built</p>"
