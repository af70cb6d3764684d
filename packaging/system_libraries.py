"""The libraries that Qt and its web engine take from a Linux system, and how to get those that are missing.

The list is what the shared objects of PySide6 name as needed and do not bring along. Windows and macOS bring all of it.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

FONT = "a font"
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")

# Library -> packages of Debian and Ubuntu that hold it; where a release renamed one, the newer name stands first.
NEEDED: Mapping[str, tuple[str, ...]] = {
    "libEGL.so.1": ("libegl1",),
    "libGL.so.1": ("libgl1",),
    "libX11.so.6": ("libx11-6",),
    "libX11-xcb.so.1": ("libx11-xcb1",),
    "libXcomposite.so.1": ("libxcomposite1",),
    "libXdamage.so.1": ("libxdamage1",),
    "libXext.so.6": ("libxext6",),
    "libXfixes.so.3": ("libxfixes3",),
    "libXrandr.so.2": ("libxrandr2",),
    "libXtst.so.6": ("libxtst6",),
    "libasound.so.2": ("libasound2t64", "libasound2"),
    "libbrotlidec.so.1": ("libbrotli1",),
    "libdbus-1.so.3": ("libdbus-1-3",),
    "libexpat.so.1": ("libexpat1",),
    "libfontconfig.so.1": ("libfontconfig1",),
    "libfreetype.so.6": ("libfreetype6",),
    "libgbm.so.1": ("libgbm1",),
    "libglib-2.0.so.0": ("libglib2.0-0t64", "libglib2.0-0"),
    "libgssapi_krb5.so.2": ("libgssapi-krb5-2",),
    "libnspr4.so": ("libnspr4",),
    "libnss3.so": ("libnss3",),
    "libpulse.so.0": ("libpulse0",),
    "libudev.so.1": ("libudev1",),
    "libwayland-client.so.0": ("libwayland-client0",),
    "libwayland-cursor.so.0": ("libwayland-cursor0",),
    "libwayland-egl.so.1": ("libwayland-egl1",),
    "libxcb.so.1": ("libxcb1",),
    "libxcb-cursor.so.0": ("libxcb-cursor0",),
    "libxcb-dri3.so.0": ("libxcb-dri3-0",),
    "libxcb-glx.so.0": ("libxcb-glx0",),
    "libxcb-icccm.so.4": ("libxcb-icccm4",),
    "libxcb-image.so.0": ("libxcb-image0",),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1",),
    "libxcb-randr.so.0": ("libxcb-randr0",),
    "libxcb-render.so.0": ("libxcb-render0",),
    "libxcb-render-util.so.0": ("libxcb-render-util0",),
    "libxcb-shape.so.0": ("libxcb-shape0",),
    "libxcb-shm.so.0": ("libxcb-shm0",),
    "libxcb-sync.so.1": ("libxcb-sync1",),
    "libxcb-util.so.1": ("libxcb-util1",),
    "libxcb-xfixes.so.0": ("libxcb-xfixes0",),
    "libxcb-xkb.so.1": ("libxcb-xkb1",),
    "libxkbcommon.so.0": ("libxkbcommon0",),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0",),
    "libxkbfile.so.1": ("libxkbfile1",),
    "libz.so.1": ("zlib1g",),
    "libzstd.so.1": ("libzstd1",),
    FONT: ("fonts-dejavu-core",),
}


def missing(platform: str = sys.platform, loads: Callable[[str], bool] | None = None) -> list[str]:
    """Name the libraries that this machine lacks, in the order of the list; none outside Linux."""
    if not platform.startswith("linux"):
        return []
    present = loads if loads is not None else _present
    return [name for name in NEEDED if not present(name)]


def _present(name: str) -> bool:
    if name == FONT:
        folders = (Path(folder).expanduser() for folder in FONT_FOLDERS)
        return any(next(folder.rglob(kind), None) for folder in folders for kind in ("*.ttf", "*.otf", "*.ttc"))
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def packages_for(names: Iterable[str], known: Callable[[str], bool]) -> list[str]:
    """Name the package to install for each library: the first of its names that ``known`` says this release has."""
    return sorted({next(filter(known, NEEDED[name]), NEEDED[name][-1]) for name in names})


def apt_knows(package: str) -> bool:
    """Tell whether this Debian or Ubuntu release has a package of that name."""
    said = subprocess.run(
        ["apt-cache", "policy", package], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    return "Candidate:" in said.stdout and "Candidate: (none)" not in said.stdout


def may_install() -> bool:
    """Tell whether this user may install packages here: root, where there is apt."""
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def advice(names: list[str]) -> str:
    """Give the one command that brings these libraries, or their names where there is no apt."""
    if shutil.which("apt-get") is None:
        return f"Install the packages of your system that hold {', '.join(names)}, then start again."
    packages = packages_for(names, apt_knows)
    return f"sudo apt-get install --no-install-recommends {' '.join(packages)}\n         Then start again."
