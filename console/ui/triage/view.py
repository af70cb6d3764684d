"""The triage pane: one question with its digits, what was answered, and where it leads."""

from __future__ import annotations

from html import escape
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from console.domain.changes import Changes
from console.domain.commands import AnswerQuestion, CommandOutcome, Rejected, TakeBackAnswer
from console.domain.ids import CallId
from console.domain.state import Answered, Call
from console.ui.actions import action, key_words
from console.ui.context import Context
from console.ui.triage.answer_button import AnswerButton
from console.ui.triage.model import Consequence, Proposed, Screen, screen
from console.ui.widgets import Elided, caption, has_keyboard, ink, key_cap, rich, rule, scaled

_LOOK_AGAIN_S: Final = 15
"""Hours of duty and readiness change without any event of the call: so often they are looked at again."""


class TriagePane(QScrollArea):
    """Asks the chosen call's questions. A digit answers while the pane has the keyboard, and never otherwise."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._shown: Screen | None = None
        self._call_id: CallId | None = None
        self._sending: tuple[Answered, ...] | None = None
        self._seconds = 0
        self._stale = True
        self.setAccessibleName("Triage questions")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._build()
        context.actions.bind_each("triage.answer", self, self._answer_place)
        context.actions.bind("triage.take_back", self, self.take_back)
        context.store.changed.connect(self._follow)
        context.selection.call_changed.connect(lambda _: self._refresh())
        context.theme.changed.connect(self._paint_again)
        context.ticker.second.connect(self._tick)
        self._refresh()

    # ---------------------------------------------------------------------------------------------- made once

    def _build(self) -> None:
        self._place, self._origin, self._hint = caption("", "muted"), Elided("faint"), caption("", "small")
        self._say, self._question = rich(), caption("", "question", wrap=True)
        self._others = rich("muted")
        self._buttons: list[AnswerButton] = []
        self._grid = QGridLayout()
        self._grid.setSpacing(scaled(8))
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        self._refusal = caption("", "alarm", wrap=True)
        self._effects = rich("small")
        self._told_title, self._told_cap = caption("answered", "muted"), key_cap(_key("triage.take_back"))
        self._told_rest, self._told = caption("changes the last one", "muted"), rich()
        self._name, self._standing, self._reasons = rich(), Elided("muted"), rich("muted")
        self._origin.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

        self._card = QFrame()
        self._card.setProperty("role", "card")
        self._name.setWordWrap(False)
        self._told_parts = (rule(), self._told_title, self._told_cap, self._told_rest, self._told)
        self._card_parts = (rule(), self._card)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, scaled(14), 0, scaled(14))
        column.setSpacing(scaled(14))
        column.addLayout(_inset(_row(self._place, self._origin, self._hint)))
        column.addLayout(_inset(self._say, self._question, self._others, gap=8))
        column.addLayout(_inset(self._grid, self._refusal, self._effects, gap=8))
        column.addWidget(self._told_parts[0])
        column.addLayout(_inset(_row(self._told_title, self._told_cap, self._told_rest, stretch=True), self._told, gap=6))
        column.addWidget(self._card_parts[0])
        inside = QVBoxLayout(self._card)
        inside.setContentsMargins(scaled(13), scaled(12), scaled(13), scaled(12))
        inside.addLayout(_row(self._name, self._standing))
        inside.addWidget(self._reasons)
        column.addLayout(_inset(self._card))
        column.addStretch(1)
        self.setWidget(body)

    # ---------------------------------------------------------------------------------------------- what it follows

    def _follow(self, different: Changes) -> None:
        mine = self._context.selection.call_id in different.calls
        if mine or different.agency or different.people or different.units:
            self._refresh()

    def _tick(self) -> None:
        self._seconds += 1
        if self._seconds % _LOOK_AGAIN_S == 0:
            self._refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while the pane was hidden."""
        super().showEvent(event)
        if self._stale:
            self._refresh()

    @property
    def call(self) -> Call | None:
        """The chosen call as it is now."""
        return self._context.chosen_call

    def _refresh(self) -> None:
        """Show the chosen call as it is; what did not change is left alone. Hidden, it waits until it is shown."""
        call = self.call
        if self._call_id != (call.call_id if call else None):
            self._call_id = call.call_id if call else None
            self._sending = None
            self._refuse("")
        if self._sending is not None and call is not None and call.answers != self._sending:
            self._sending = None
            self._refuse("")
        self._stale = not self.isVisible()
        if self._stale:
            return
        now = self._context.store.now()
        content = screen(self._context.store.state, call, now) if call and call.closing is None else None
        if content == self._shown and content is not None:
            self._show_hint()
            return
        self._shown = content
        self._paint(content)

    def _paint_again(self) -> None:
        if self._shown is not None:
            self._paint(self._shown)

    def _paint(self, content: Screen | None) -> None:
        for part in (*self._told_parts, *self._card_parts):
            part.setVisible(content is not None)
        if content is None:
            self._blank()
            return
        self._place.setText(content.place)
        self._origin.say(content.origin, content.origin.partition(",")[0])
        self._say.setVisible(bool(content.say))
        self._say.setText("<br>".join(f"<b>Say:</b> {escape(words)}" for words in content.say))
        self._question.setText(content.texts[0] if content.texts else self._ending(content.proposed))
        self._others.setVisible(len(content.texts) > 1)
        self._others.setText("<br>".join(f"<i>{escape(words)}</i>" for words in content.texts[1:]))
        self._offer(content)
        self._effects.setVisible(bool(content.consequences))
        self._effects.setText("<br>".join(_effect(consequence) for consequence in content.consequences))
        for part in self._told_parts:
            part.setVisible(bool(content.told))
        self._told.setText("<br>".join(f"{escape(t.about)} <b>{escape(t.answer)}</b>" for t in content.told))
        self._show_proposed(content.proposed)
        self._show_hint()

    def _blank(self) -> None:
        call = self.call
        why = "No call is chosen." if call is None else "No protocol is configured for this call."
        self._place.setText(f"Call {call.number} is closed." if call and call.closing else why)
        for label in (self._origin, self._question, self._others, self._say, self._effects, self._hint):
            label.setText("")
        for button in self._buttons:
            button.hide()

    @staticmethod
    def _ending(proposed: Proposed) -> str:
        return f"Proposed: {proposed.name}" if proposed.code else "No response can be proposed."

    def _offer(self, content: Screen) -> None:
        """Give each answer its button; those that are there already are used again, so that focus is not lost."""
        had_keyboard = has_keyboard(self)
        while len(self._buttons) < len(content.choices):
            button, place = AnswerButton(), len(self._buttons)
            button.clicked.connect(lambda _=False, place=place: self._answer_place(place))
            self._grid.addWidget(button, place // 2, place % 2)
            QWidget.setTabOrder(self._buttons[-1] if self._buttons else self, button)
            self._buttons.append(button)
        for place, button in enumerate(self._buttons):
            if place < len(content.choices):
                button.show_choice(content.choices[place])
            button.setVisible(place < len(content.choices))
        if had_keyboard:
            self.setFocus()  # the button it was on may be gone, or hold another answer now

    def _show_proposed(self, proposed: Proposed) -> None:
        colour = ink(proposed.colour).name()
        self._name.setText(f'<b style="color:{colour}">{escape(proposed.name)}</b>')
        self._standing.setText(proposed.standing)
        amber = ink("due").name()
        points = []
        for reason in proposed.reasons:
            caution = f' <span style="color:{amber}">({escape(reason.caution)})</span>' if reason.caution else ""
            points.append(f"<tr><td>•&nbsp;&nbsp;</td><td>{escape(reason.words)}{caution}</td></tr>")
        self._reasons.setText(f"<table cellspacing='0' cellpadding='1'>{''.join(points)}</table>")
        self._card.setAccessibleName(f"{proposed.name}, {proposed.standing}")

    def _show_hint(self) -> None:
        if self._sending is not None:
            words = "sending…"
        elif self._shown is None or not self._shown.choices:
            words = ""
        else:
            words = "a digit answers" if has_keyboard(self) else f"{_key('focus.triage')} to answer"
        self._hint.setText(words)
        self._hint.setVisible(bool(words))

    # ---------------------------------------------------------------------------------------------- what it does

    def _answer_place(self, place: int) -> None:
        """Give the answer whose digit stands at that place of the keyboard's row: 0 is "1"."""
        self.answer(str(place + 1))

    def answer(self, key: str) -> None:
        """Give the answer of that digit to the question that is shown. While one is on its way, nothing is given."""
        call, content = self.call, self._shown
        if call is None or content is None or self._sending is not None:
            return
        if all(choice.key != key for choice in content.choices):
            if content.choices:
                keys = ", ".join(choice.key for choice in content.choices)
                self._refuse(f"{key} is no answer to this question; the answers are {keys}.")
            return
        self._submit(AnswerQuestion(call.call_id, content.protocol, content.question, key), call)

    def take_back(self) -> None:
        """Take the last answer back; its question is asked again."""
        call, content = self.call, self._shown
        if call is None or content is None or not content.told or self._sending is not None:
            return
        self._submit(TakeBackAnswer(call.call_id, content.told[-1].question), call)

    def _submit(self, command: AnswerQuestion | TakeBackAnswer, call: Call) -> None:
        self._sending = call.answers
        self._refuse("")
        self._show_hint()
        self._context.store.submit(command).then(lambda outcome: self._heard(outcome, call.call_id))

    def _heard(self, outcome: CommandOutcome, call_id: CallId) -> None:
        """A rejection is said beside the question; an acceptance shows itself when the state arrives."""
        if isinstance(outcome, Rejected) and call_id == self._call_id:
            self._sending = None
            self._refuse(outcome.reason)
            self._show_hint()

    def _refuse(self, words: str) -> None:
        self._refusal.setText(words)
        self._refusal.setVisible(bool(words))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that digits count now."""
        super().focusInEvent(event)
        self._show_hint()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that digits do not count any more."""
        super().focusOutEvent(event)
        self._show_hint()


def _key(action_id: str) -> str:
    return key_words(action(action_id).keys[0])


def _effect(consequence: Consequence) -> str:
    keys = " or ".join(f"<b>{escape(key)}</b>" for key in consequence.keys)
    return f"If {keys}: {escape(consequence.words)}"


def _row(*widgets: QWidget, stretch: bool = False) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setSpacing(scaled(10))
    for widget in widgets:
        line.addWidget(widget, 1 if isinstance(widget, Elided) else 0)
    if stretch:
        line.addStretch(1)
    return line


def _inset(*parts: QWidget | QHBoxLayout | QGridLayout, gap: int = 0) -> QVBoxLayout:
    """Parts below one another, in from the edges of the pane."""
    column = QVBoxLayout()
    column.setContentsMargins(scaled(16), 0, scaled(16), 0)
    column.setSpacing(scaled(gap))
    for part in parts:
        if isinstance(part, QWidget):
            column.addWidget(part)
        else:
            column.addLayout(part)
    return column
