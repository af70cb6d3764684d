"""The lists that a key opens under a call: one at a time, in a panel in the place of the buttons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from msgspec import Struct
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit

from console.domain.commands import AnyCommand
from console.domain.ids import CallId
from console.domain.state import Call
from console.ui.call.choices import is_of
from console.ui.call.close_nature import KEY, CloseNature
from console.ui.choice_panel import ChoicePanel
from console.ui.context import Context
from console.ui.option import Option

Choices = tuple[tuple[Option, ...], str]
"""The options, and what stands in the way of all of them ("")."""


class Chosen(Struct, frozen=True):
    """What a person chose from a list, and what they wrote beside it."""

    option: Option
    note: str = ""
    promised: str = ""
    nature: str = ""
    """The nature it turned out to be, where that was asked."""


@dataclass(frozen=True)
class CallList:
    """One list: what it asks, what can be chosen now, and what a choice sends.

    `what` names it for drafts and answers; `note` is the note's placeholder (None: no note), `text` what stands in it
    already. `wanted` is the code of a programme or service whose first option is selected.
    """

    what: str
    title: str
    does: str
    choices: Callable[[Call], Choices]
    sends: Callable[[Call, Chosen], tuple[AnyCommand, ...]]
    note: str | None = None
    text: str = ""
    wanted: str = ""
    closes: bool = False
    """Whether it ends the call: then the nature it turned out to be is asked besides."""
    promises: bool = False
    """Whether what was promised to the caller is asked besides."""
    follows: Callable[[Call, Chosen], CallList | None] = lambda _call, _chosen: None
    """What is asked next before a choice is sent; None sends it."""
    first: bool = False
    """Whether the first that can be chosen is selected, so that Enter does it, though the options have keys."""
    at_once: bool = False
    """Whether one key does it: where the list before it was the first of two."""


class CallLists(ChoicePanel):
    """Shows the list that was asked for last; who made it gets the commands that a choice makes by `submit`."""

    opened = Signal(bool)
    """Whether a list is open now."""

    def __init__(self, context: Context, submit: Callable[..., None]) -> None:
        super().__init__()
        self._context, self._submit = context, submit
        self._list: CallList | None = None
        self._call_id: CallId | None = None
        self.close_nature = CloseNature(context)
        self.close_nature.settled.connect(lambda: self.list.setFocus(Qt.FocusReason.OtherFocusReason))
        self.add(self.close_nature, KEY, self.close_nature.turn)
        self.promised = QLineEdit()
        self.promised.setPlaceholderText("what the caller was promised")
        self.promised.setAccessibleName("What the caller was promised")
        self.promised.returnPressed.connect(self.confirm)
        self.promised.textEdited.connect(lambda words: self._keep(words, "promised note"))
        self.add(self.promised, "", lambda: None)
        self.note_changed.connect(lambda words: self._keep(words, f"{self.what} note"))
        self.left.connect(self._forget)

    @property
    def what(self) -> str:
        """Which list is open; "" for none."""
        return self._list.what if self._list is not None else ""

    def open(self, call: Call, asked: CallList) -> bool:
        """Show this list for a call; says whether what it wants is among what can be chosen, and selected."""
        self._list, self._call_id = asked, call.call_id
        options, why_not = self._options(call)
        note = asked.note
        if asked.what == "dispatch" and not any(option.needs_note for option in options):
            note = None
        drafts, me = self._context.drafts, self._context.me
        typed = drafts.text(me, call.call_id, f"{asked.what} note") if note is not None else ""
        self.opened.emit(True)  # before it shows itself: what gives way must have given way by then
        self.close_nature.setVisible(asked.closes)
        self.promised.setVisible(asked.promises)
        self.promised.setText(drafts.text(me, call.call_id, "promised note") if asked.promises else "")
        self.ask(
            asked.title,
            options,
            lambda value, note: self._chosen(asked, value, note),
            does=asked.does,
            note=note,
            why_not=why_not,
            text=typed or asked.text,
            at_once=asked.at_once,
        )
        if asked.first:
            self.choose([not option.why_not for option in options])
        if asked.promises:
            self.note.setFocus(Qt.FocusReason.OtherFocusReason)  # Enter skips it; the arrows choose whom
        return self.choose([self._is_wanted(option) for option in options]) if asked.wanted else True

    def choose(self, which: list[bool]) -> bool:
        """Select the first of these in the list that is open; says whether there is one."""
        if self.is_open and any(which):
            self.list.choose(which.index(True))
        return self.is_open and any(which)

    def renew(self, call: Call) -> None:
        """Something changed: bring the options up to date, keep what is selected."""
        asked = self._list
        if asked is None or not self.is_open:
            return
        options, why_not = self._options(call)
        if asked.closes:
            self.close_nature.show_call(call)
        if not options and not asked.closes:
            self.leave()
        else:
            self.show_options(options, why_not)

    def _options(self, call: Call) -> Choices:
        """The options, and what stands in the way of all of them, or of what was wanted first."""
        assert self._list is not None
        options, why_not = self._list.choices(call)
        if self._list.wanted and not why_not and not any(self._is_wanted(option) for option in options):
            why_not = f"Nobody of {self._context.store.state.agency.name_of(self._list.wanted)} can go now."
        return options, why_not

    def _is_wanted(self, option: Option) -> bool:
        """Whether an option can go now and is of what was asked for in place of another response."""
        assert self._list is not None
        return not option.why_not and is_of(self._context.store.state, option, self._list.wanted)

    def _chosen(self, asked: CallList, value: str, note: str) -> None:
        call = self._context.chosen_call
        option = next((option for option in self.options if option.value == value), None)
        if call is None or option is None or (asked.closes and not self.close_nature.settle()):
            return
        promised = self.promised.text().strip() if asked.promises else ""
        chosen = Chosen(option, note, promised, self.close_nature.code if asked.closes else "")
        if (following := asked.follows(call, chosen)) is not None:
            self.open(call, following)
            return
        commands = asked.sends(call, chosen)
        if commands:
            self._submit(asked.what, *commands)

    def _forget(self) -> None:
        self._list = None
        self.opened.emit(False)

    def _keep(self, words: str, field: str) -> None:
        if self._call_id is not None and self._list is not None:
            self._context.drafts.keep(self._context.me, self._call_id, words, field)
