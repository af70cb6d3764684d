"""What is asked about one unit in the place of its table: a status since when, what it really is, and its times."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from console.domain import commands as c
from console.domain import unit_status
from console.domain.assignment import AssignmentStage
from console.domain.ids import UnitId
from console.domain.state import Unit, UnitStatus
from console.ui.choice_panel import ChoicePanel
from console.ui.context import Context
from console.ui.option import Option, key_of
from console.ui.since import EXAMPLES, NoTime, since_words, split
from console.ui.units.detail import Detail, detail, last_part, since_title, stages, title
from console.ui.verbs.units import NEEDS_PLACE
from console.ui.widgets import Elided, caption, scaled

_BESIDE: Final = 3
"""At most so many choices beside one another."""


class UnitAsking(QFrame):
    """Hidden until it asks about the chosen unit; while it is there, what it says of the unit stays up to date.

    The note may have a time at either end ("the wrong button, 14:20"); what it comes to stands above the note.
    """

    left = Signal()
    """It closed, done or not."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._unit_id: UnitId | None = None
        self._choices: Callable[[Unit], tuple[Option, ...]] = lambda _unit: ()
        self._told = False
        self.lines = {name: Elided(role) for name, role in
                      (("status", ""), ("check", "muted"), ("intervals", "clock"))}  # fmt: skip
        self.panel = ChoicePanel(_BESIDE)
        self.preview = caption("", "muted", wrap=True)
        self.panel.add(self.preview, "", lambda: None)
        self.panel.note_changed.connect(lambda _: self._say_since())
        self.panel.left.connect(self._panel_left)
        column = QVBoxLayout(self)
        column.setContentsMargins(scaled(14), scaled(6), scaled(14), scaled(6))
        column.setSpacing(scaled(3))
        for line in self.lines.values():
            column.addWidget(line)
        column.addWidget(self.panel)
        column.addStretch(1)
        context.store.changed.connect(lambda different: self._renew() if different.units or different.calls else None)
        context.ticker.second.connect(self._renew)
        context.selection.unit_changed.connect(lambda _: self.leave())
        self.hide()

    # ---------------------------------------------------------------------------------------------- what is asked

    def status(self, unit: Unit) -> None:
        """List what the unit may become, and set it, now or since earlier."""

        def choices(unit: Unit) -> tuple[Option, ...]:
            may = unit_status.may_follow(unit)
            return _options((s for s in UnitStatus if s in may), NEEDS_PLACE)

        def do(value: str, note: str) -> None:
            where, at = self._split(note)
            self._send(c.SetUnitStatus(unit.unit_id, UnitStatus(value), where), at)

        note = f"since when, if not now ({EXAMPLES}); where, if it matters"
        self._ask(unit, choices, do, f"{self._since(unit)}. What now?", "sets it", note)

    def correct(self, unit: Unit) -> None:
        """List what the unit may really be, where a status was set by mistake; it says why, and since when."""
        from console.domain.decide import decide  # a start needs no rules, so they are loaded after it

        store = self._context.store

        def tried(unit: Unit, status: UnitStatus) -> c.Rejected | None:
            verdict = decide(store.state, c.CorrectUnitStatus(unit.unit_id, status, "tried"), self._context.me, store.now())
            return verdict if isinstance(verdict, c.Rejected) else None

        def choices(unit: Unit) -> tuple[Option, ...]:
            return _options((s for s in UnitStatus if tried(unit, s) is None), UnitStatus)

        def do(value: str, note: str) -> None:
            why, at = self._split(note)
            status = UnitStatus(value)
            where = unit.where if status in NEEDS_PLACE else ""
            self._send(c.CorrectUnitStatus(unit.unit_id, status, why, where), at)

        note = "what went wrong, and since when it is so: the wrong button, 14:20"
        self._ask(unit, choices, do, f"{self._since(unit)}, by mistake. What is it really?", "puts it right", note)
        if not choices(unit) and (why := tried(unit, unit.status)) is not None:
            self.panel.refuse(why.reason)

    def history(self, unit: Unit) -> None:
        """Say all about the unit; a stage of its part in its call can be chosen, to put its time right."""
        store = self._context.store

        def choices(unit: Unit) -> tuple[Option, ...]:
            part = last_part(store.state, unit)
            return stages(store.state, part, store.now()) if part is not None else ()

        def do(value: str, note: str) -> None:
            why, at = self._split(note)
            part = last_part(store.state, store.state.units.get(unit.unit_id, unit))
            if at is None:
                raise NoTime(f"When was it? Type the time and what went wrong: {EXAMPLES}.")
            if part is not None:
                stage = AssignmentStage(value)
                self._send(c.CorrectStageTime(part.call.call_id, unit.unit_id, part.place, stage, at, why), None)

        note = "the right time, and what went wrong: 14:18, told by radio"
        self._ask(
            unit,
            choices,
            do,
            title(store.state, unit),
            "puts that time right",
            note,
            told=True,
        )

    def leave(self) -> None:
        """Close; nothing is done."""
        self.panel.leave()

    # ---------------------------------------------------------------------------------------------- how

    def _ask(
        self,
        unit: Unit,
        choices: Callable[[Unit], tuple[Option, ...]],
        do: Callable[[str, str], None],
        asks: str,
        does: str,
        note: str,
        *,
        told: bool = False,
    ) -> None:
        self._unit_id, self._choices, self._told = unit.unit_id, choices, told

        def done(value: str, note: str) -> None:
            try:
                do(value, note)
            except NoTime as wrong:
                self.panel.refuse(str(wrong))

        self.preview.hide()
        self.show()
        self._say(unit)
        self.panel.ask(asks, choices(unit), done, does=does, note=note)

    def _renew(self) -> None:
        unit = self._context.store.state.units.get(self._unit_id) if self._unit_id else None
        if not self.panel.is_open or unit is None:
            return
        self._say(unit)
        self.panel.show_options(self._choices(unit))

    def _say(self, unit: Unit) -> None:
        store = self._context.store
        said = detail(store.state, unit, store.now()) if self._told else Detail("", "", "")
        for name, line in self.lines.items():
            words = getattr(said, name)
            line.setText(words)
            line.setVisible(bool(words))

    def _since(self, unit: Unit) -> str:
        return since_title(self._context.store.state, unit, self._context.store.now())

    def _split(self, note: str) -> tuple[str, datetime | None]:
        store = self._context.store
        return split(store.state.agency, note, store.now())

    def _say_since(self) -> None:
        """What the time in the note comes to, before it is sent."""
        store = self._context.store
        try:
            words = since_words(store.state.agency, self._split(self.panel.note.text())[1], store.now())
        except NoTime as wrong:
            words = str(wrong)
        self.preview.setText(words)
        self.preview.setVisible(bool(words))

    def _send(self, command: c.AnyCommand, at: datetime | None) -> None:
        about = self._unit_id

        def heard(outcome: c.CommandOutcome) -> None:
            if not isinstance(outcome, c.Rejected):
                if about == self._unit_id:
                    self.leave()
            elif self.panel.is_open and about == self._unit_id:
                self.panel.refuse(outcome.reason)
            else:
                self._context.notices.refuse(outcome.reason)

        self._context.store.submit(command, at).then(heard)

    def _panel_left(self) -> None:
        self._unit_id = None
        self.hide()
        self.left.emit()


def _options(statuses: Iterable[UnitStatus], noted: Iterable[UnitStatus]) -> tuple[Option, ...]:
    """Statuses as choices; `noted` are those that say too little without a word beside them."""
    wanting = set(noted)
    return tuple(
        Option(status.value, unit_status.STATUS_WORDS[status], key_of(place), needs_note=status in wanting)
        for place, status in enumerate(statuses)
    )
