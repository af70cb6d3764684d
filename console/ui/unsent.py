"""What this desk keeps of what it sends, opened at its start; what is wrong with it is said."""

from __future__ import annotations

from pathlib import Path

from console.link.outbox import Outbox, open_outbox
from console.ui.notices import Notices


def open_unsent(folder: Path, notices: Notices) -> Outbox | None:
    """Open what is kept in the folder; None where the disk takes nothing, which is said too."""
    try:
        outbox, told = open_outbox(folder)
    except OSError as error:
        notices.warn(f"This desk cannot keep what it sends ({error}). Free the disk and start it again.")
        return None
    if told:
        notices.warn(told)
    if outbox.unreadable:
        count = len(outbox.unreadable)
        notices.warn(f"{count} unsent commands were written by another version and stay in {outbox.path}.")
    return outbox
