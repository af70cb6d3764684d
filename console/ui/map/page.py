"""The HTML of the map page: built with folium once, then kept on disk, so that folium costs no ordinary start."""

import os
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from platformdirs import user_cache_path

SCRIPTS = ("leaflet.js", "qwebchannel.js", "ink.js", "base.js", "overlays.js", "map.js")
STYLES = ("leaflet.css", "map.css")


def page_html(cache: Path | None = None) -> str:
    """The page, from the cache folder (the user's own unless given) or newly built and put there.

    A cache that cannot be read or written costs time, not the map.
    """
    kept = (cache or user_cache_path("heart-console")) / f"map-page-{_key()}.html"
    try:
        return kept.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        built = build_page()
        _keep(kept, built)
        return built


def build_page() -> str:
    """Render the page with folium, every outside link replaced by a file that the desk serves itself.

    The map stands at 0, 0 until the desk says what is to be seen; it has no tiles and no Leaflet attribution link.
    """
    import folium  # only here: importing it takes longer than opening the page
    from branca.element import Element, Figure

    made = folium.Map(
        location=(0, 0), zoom_start=3, tiles=None, prefer_canvas=True, zoom_control=False, attribution_control=False,
        zoom_snap=0.1, zoom_delta=0.5, bounce_at_zoom_limits=False,
    )  # fmt: skip
    made._id = "desk"
    made.default_js = [(name, name) for name in SCRIPTS[:2]]
    made.default_css = [(name, name) for name in STYLES]
    root = made.get_root()
    assert isinstance(root, Figure)
    root.html.add_child(Element('<div id="note"></div><div id="legend">schematic, not to scale</div>'))
    made.render()  # type: ignore[no-untyped-call]
    for name in SCRIPTS[2:]:
        root.script.add_child(Element(f'</script><script src="{name}"></script><script>'))
    return str(root.render())


def _key() -> str:
    """What the page depends on: the versions of the two libraries, and this file (or the program it is frozen into)."""
    try:
        libraries = f"{version('folium')}-{version('xstatic-leaflet')}"
    except PackageNotFoundError:  # frozen without package records: the program file stands for them
        libraries = "bundled"
    source = Path(__file__)
    made = (source if source.exists() else Path(sys.executable)).stat()
    return f"{libraries}-{made.st_size:x}-{made.st_mtime_ns:x}"


def _keep(path: Path, text: str) -> None:
    """Write the page so that another desk starting at the same moment reads all of it or nothing."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(text)
        Path(name).replace(path)
    except OSError:
        return
