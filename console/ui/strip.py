"""The top strip, the same in every workspace: where one is, what waits, whether the board may be believed, and the time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from console.domain.changes import Changes
from console.domain.commands import SetPresence
from console.domain.state import PresenceStatus
from console.domain.times import local
from console.ui.action_button import ActionButton
from console.ui.actions import action, action_button, key_words
from console.ui.chip import ChipView
from console.ui.context import Context
from console.ui.option import reasons_to_choose
from console.ui.panes import WORKSPACES
from console.ui.strip_words import (
    Chip,
    exercise_words,
    link_chip,
    pending_chip,
    person,
    presence_chip,
)
from console.ui.supply_words import supply_chips
from console.ui.waiting import Waiting

if TYPE_CHECKING:
    from console.ui.choice_panel import ChoicePanel
    from console.ui.handoff.shift_change import ShiftChange

SPEEDS = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600)
"""Speeds an exercise offers: times real time."""

_NARROW = 1720
"""Pixels at 100 % below which names are shortened and key caps are left to the tooltips."""


class Strip(QFrame):
    """The strip; it asks by signals, and the desk decides."""

    workspace_asked = Signal(str)
    speed_asked = Signal(float)
    menu_asked = Signal(object)
    """The point, on the screen, below the name of who is signed in."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._workspace = "dispatch"
        self._chips: list[ChipView] = []
        self._shown_name = ""
        self._waiting = Waiting(context.store.state, context.store.now())
        self._supply: list[Chip] = []
        self._said: object = None
        self.setProperty("role", "strip")
        self.setAccessibleName("Top strip")
        self.brand = QLabel()
        self.brand.setProperty("role", "heading")
        self.tabs = {name: self._tab(name) for name in WORKSPACES}
        self.exercise = QPushButton()
        self.exercise.setProperty("role", "chip")
        faster, slower = (key_words(action(f"exercise.{which}").keys[0]) for which in ("faster", "slower"))
        self.exercise.setToolTip(f"How fast the exercise runs: {faster} faster, {slower} slower, a click offers every speed")
        self.exercise.clicked.connect(self._offer_speeds)
        self.exercise.hide()
        self._middle = QWidget()
        self._narrow = False
        self.presence = self._presence_buttons()
        self.link = ChipView()
        self.clock = QLabel()
        self.clock.setProperty("role", "clock")
        self.clock.setAccessibleName("Time")
        self.person = QPushButton()
        self.person.setProperty("role", "chip")
        self.person.setAccessibleDescription("Opens the menu of this desk")
        self.person.clicked.connect(lambda: self.menu_asked.emit(self._below(self.person)))
        self._lay_out()
        context.store.changed.connect(self._follow)
        for signal in (context.store.link_changed, context.store.unsent_changed, context.store.me_changed):
            signal.connect(self.refresh)
        context.ticker.second.connect(self._age)
        context.theme.changed.connect(self._show_brand)
        self._show_brand()
        self.show_workspace("dispatch")

    def _lay_out(self) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(16, 5, 16, 5)
        rows.setSpacing(4)
        rows.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        self._first, self._second, self._asked = QHBoxLayout(), QHBoxLayout(), QVBoxLayout()
        self._first.setSpacing(8)
        self._first.addWidget(self.brand)
        self._first.addSpacing(6)
        for tab in self.tabs.values():
            self._first.addWidget(tab)
        self._first.addStretch(1)
        self._place = self._first.count()
        self._first.addWidget(self._middle)
        self._first.addStretch(1)
        self._first.addWidget(self.link)
        self._first.addWidget(self.clock)
        self._first.addWidget(self.person)
        rows.addLayout(self._first)
        rows.addLayout(self._second)
        rows.addLayout(self._asked)
        self._counts = QHBoxLayout(self._middle)
        self._counts.setContentsMargins(0, 0, 0, 0)
        self._counts.setSpacing(8)
        self._counts.addWidget(self.exercise)
        for button in self.presence.values():
            self._counts.addWidget(button)

    def minimumSizeHint(self) -> QSize:
        """The strip never keeps a window from being made smaller: it takes a second row instead."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room the strip says less, and where that is not enough it takes a second row."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        narrow = self.width() < _NARROW * self._context.theme.scale
        if narrow != self._narrow:
            self._narrow = narrow
            self._check_tabs()
            self.refresh()
        beside = self.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        shown = [widget for widget in beside if not widget.isHidden() and self._asked.indexOf(widget) < 0]
        needed = sum(widget.sizeHint().width() + 8 for widget in shown) + 6 + 32
        below = self._second.indexOf(self._middle) >= 0
        if needed > self.width() and not below:
            self._first.removeWidget(self._middle)
            self._second.addWidget(self._middle, 0, Qt.AlignmentFlag.AlignLeft)
        elif needed <= self.width() and below:
            self._second.removeWidget(self._middle)
            self._first.insertWidget(self._place, self._middle)

    def _tab(self, name: str) -> ActionButton:
        """A tab, and its key, which is the strip's: a refused tab is disabled, and its key is answered all the same."""
        tab = action_button(f"workspace.{name}", role="tab")
        tab.acted.connect(lambda: self.workspace_asked.emit(name))
        self._context.actions.bind(f"workspace.{name}", self, lambda: self.workspace_asked.emit(name))
        tab.setCheckable(True)
        tab.clicked.connect(lambda: self._check_tabs())
        return tab

    def _presence_buttons(self) -> dict[PresenceStatus, ActionButton]:
        def button(action_id: str, status: PresenceStatus) -> ActionButton:
            made = self._context.actions.button(action_id, self, lambda: self._be(status), role="tab")
            made.setCheckable(True)
            made.show_key(False)
            made.clicked.connect(self.refresh)
            made.hide()
            return made

        return {
            PresenceStatus.READY: button("presence.ready", PresenceStatus.READY),
            PresenceStatus.WRAP_UP: button("presence.wrap_up", PresenceStatus.WRAP_UP),
            PresenceStatus.AWAY: button("presence.away", PresenceStatus.AWAY),
        }

    @cached_property
    def reasons(self) -> ChoicePanel:
        """What asks why one is away; made when it first asks."""
        from console.ui.choice_panel import ChoicePanel

        made = ChoicePanel(columns=3)
        self._asked.insertWidget(0, made)
        return made

    @cached_property
    def shift(self) -> ShiftChange:
        """What asks who has each caller from here on; made when somebody first signs out."""
        from console.ui.handoff.shift_change import ShiftChange

        made = ShiftChange(self._context)
        self._asked.addWidget(made)
        return made

    def _leave_reasons(self) -> None:
        if "reasons" in self.__dict__:
            self.reasons.leave()

    def _be(self, status: PresenceStatus) -> None:
        """Say what one is doing; of being away also why, by a digit or in words."""
        if status is not PresenceStatus.AWAY:
            self._leave_reasons()
            self._context.store.submit(SetPresence(status))
            return
        self.reasons.ask(
            "Why are you away?", reasons_to_choose(self._context.store.state.agency.away_reasons),
            lambda reason, typed: self._context.store.submit(SetPresence(status, typed or reason)),
            does="be away", note="What is the reason?", at_once=True,
        )  # fmt: skip

    # --------------------------------------------------------------------------------------------- what the desk tells

    def show_workspace(self, name: str) -> None:
        """This workspace is on screen now."""
        self._workspace = name
        self._count_supply()
        self._leave_reasons()
        for button in self.presence.values():
            button.setVisible(name == "clinician")
        self._check_tabs()
        self.refresh()

    def allow(self, refusals: Mapping[str, str]) -> None:
        """For each workspace why it may not be used, "" where it may: a refused tab is shown, disabled, with the reason."""
        for name, tab in self.tabs.items():
            tab.say(name.capitalize(), refusals.get(name, ""))

    # --------------------------------------------------------------------------------------------- what is shown

    def _follow(self, different: Changes) -> None:
        store = self._context.store
        self._waiting.take(store.state, different, store.now())
        if different.agency or different.units or different.people:
            self._count_supply()
        self.refresh()

    def _age(self) -> None:
        store = self._context.store
        self._waiting.age(store.state, store.now())
        self._count_supply()
        self.refresh()

    def _count_supply(self) -> None:
        """Once a second and when a unit or a person changed: with every other change it would be counted for nothing."""
        store = self._context.store
        if self._workspace != "clinician":
            self._supply = list(supply_chips(store.state, store.now(), whole=self._workspace == "supervisor"))

    def refresh(self) -> None:
        """Show everything as it is now; what did not change is not painted again."""
        store = self._context.store
        state, now = store.state, store.now()
        chips = self._chips_of_workspace()
        self._show_chips(chips)
        self.link.show_chip(link_chip(store.link, len(store.unsent), state))
        _set(self.clock.text, self.clock.setText, f"{local(state.agency, now):%a %H:%M:%S}")
        shown = person(store.me, short=self._narrow).replace("&", "&&")
        _set(self.person.text, self.person.setText, shown)
        self.person.setAccessibleName(f"Signed in: {person(store.me)}")
        self.exercise.setVisible(state.exercise)
        if state.exercise:
            _set(self.exercise.text, self.exercise.setText, exercise_words(store.rate))
            self.exercise.setAccessibleName(f"{exercise_words(store.rate)}, change the speed")
        self._show_brand_name()
        if self._workspace == "clinician":
            mine = state.people.get(store.me.user_id) if store.me else None
            for status, button in self.presence.items():
                button.setChecked(mine is not None and mine.status is status)
        said = (self._workspace, *chips, self.link.chip, len(self.clock.text()), shown, state.exercise, self.exercise.text())
        if said != self._said:
            self._said = said
            self._fit()

    def _chips_of_workspace(self) -> list[Chip]:
        store = self._context.store
        state, now = store.state, store.now()
        if self._workspace == "clinician":
            return [presence_chip(state, store.me, now)]
        return [pending_chip(self._waiting.counts()), *self._supply]

    def _show_chips(self, chips: list[Chip]) -> None:
        while len(self._chips) < len(chips):
            self._chips.append(ChipView())
            self._counts.insertWidget(len(self._chips), self._chips[-1])
        for view, chip in zip(self._chips, chips, strict=False):
            view.show_chip(chip, brief=self._narrow)
        for place, view in enumerate(self._chips):
            view.setVisible(place < len(chips))

    def _show_brand(self) -> None:
        self._shown_name, self._said = "", None
        self._show_brand_name()

    def _show_brand_name(self) -> None:
        programme = self._context.store.state.agency.programme_name
        name = f"{programme} Console".strip()
        shown = programme if self._narrow and programme else name
        if shown != self._shown_name:
            self._shown_name = shown
            colour = self._context.theme.theme.focus
            self.brand.setText(f'<span style="color:{colour}">♥</span> {shown}')
            self.brand.setAccessibleName(name)

    def _check_tabs(self) -> None:
        for name, tab in self.tabs.items():
            tab.setChecked(name == self._workspace)
            tab.show_key(name == self._workspace and not self._narrow)

    def _offer_speeds(self) -> None:
        menu = QMenu(self)
        for speed in SPEEDS:
            entry = menu.addAction(f"{speed} × real time")
            entry.setCheckable(True)
            entry.setChecked(speed == self._context.store.rate)
            entry.triggered.connect(lambda _=False, speed=speed: self.speed_asked.emit(float(speed)))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._below(self.exercise))

    def _below(self, widget: QWidget) -> QPoint:
        return widget.mapToGlobal(QPoint(0, widget.height()))


def _set(get: Callable[[], str], put: Callable[[str], None], words: str) -> None:
    if get() != words:
        put(words)
