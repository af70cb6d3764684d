"""The triage pane: one question with its digits, what was answered, and where it leads."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from console.domain.changes import Changes
from console.domain.commands import AnswerQuestion, AnyCommand, CommandOutcome, Rejected, TakeBackAnswer
from console.domain.ids import CallId, QuestionId
from console.domain.queries import why_not_answer
from console.domain.state import Call
from console.ui.actions import action, action_button, key_words
from console.ui.choice_panel import ChoicePanel
from console.ui.context import Context
from console.ui.triage.fact_choice import FactChoice
from console.ui.triage.model import Screen, screen
from console.ui.triage.question_block import QuestionBlock
from console.ui.triage.record import moved_words
from console.ui.triage.response_card import ResponseCard
from console.ui.triage.told_list import ToldList
from console.ui.widgets import Elided, caption, has_keyboard, rule, scaled

_LOOK_AGAIN_S: Final = 15
"""Hours of duty and readiness change without any event of the call: so often they are looked at again."""


class TriagePane(QScrollArea):
    """Asks the chosen call's questions. A digit answers while the pane has the keyboard, and never otherwise.

    A digit never answers a question that its person has not seen: while a command is on its way none is given, and after
    somebody else moved the questions the first is refused. `within` is the pane around it: while that is on screen, the
    key for a fact by hand counts, and `wanted` asks it to show this one.
    """

    wanted = Signal()

    def __init__(self, context: Context, within: QWidget | None = None) -> None:
        super().__init__()
        self._context = context
        self._shown: Screen | None = None
        self._call_id: CallId | None = None
        self._known: Call | None = None
        self._mine: AnyCommand | None = None
        self._moved, self._moved_under_keys = "", False
        self._back_at: QuestionId | None = None
        self._seconds = 0
        self._counts_again = False
        self._stale = True
        self.setAccessibleName("Triage questions")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._build(context)
        keys = context.actions
        keys.bind_each("triage.answer", self, self._answer_place)
        keys.bind("triage.take_back", self, self.take_back)
        keys.bind("triage.earlier", self, lambda: self._walk(-1))
        keys.bind("triage.later", self, lambda: self._walk(1))
        keys.bind("triage.open", self, self._leave)
        keys.bind("call.fact", within or self, self.set_fact)
        context.store.changed.connect(self._follow)
        context.selection.call_changed.connect(lambda _: self._refresh())
        context.theme.changed.connect(self._paint_again)
        context.ticker.second.connect(self._tick)
        self._refresh()

    # ---------------------------------------------------------------------------------------------- made once

    def _build(self, context: Context) -> None:
        self.place, self._origin, self.hint = caption("", "muted"), Elided("faint"), caption("", "small")
        self._origin.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.asking, self.told, self.response = QuestionBlock(self), ToldList(), ResponseCard()
        self.asking.pressed.connect(lambda place: self.answer(str(place + 1), clicked=True))
        self.told.chosen.connect(lambda question: self._look_at(QuestionId(question)))
        self.panel = ChoicePanel()
        self._facts = FactChoice(context, self.panel, lambda: self._give_room(self.panel), self._submit)
        self.panel.left.connect(lambda: self._give_room(self.asking))
        self._by_hand = action_button("call.fact", role="quiet")
        self._by_hand.acted.connect(self.set_fact)
        self._told_rule, self._response_rule = rule(), rule()
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, scaled(14), 0, scaled(14))
        column.setSpacing(scaled(14))
        head = QHBoxLayout()
        head.setSpacing(scaled(10))
        head.addWidget(self.place)
        head.addWidget(self._origin, 1)
        head.addWidget(self.hint)
        by_hand = QHBoxLayout()
        by_hand.addWidget(self._by_hand)
        by_hand.addStretch(1)
        column.addLayout(_inset(head))
        column.addLayout(_inset(self.asking, self.panel))
        column.addWidget(self._told_rule)
        column.addLayout(_inset(self.told, by_hand))
        column.addWidget(self._response_rule)
        column.addLayout(_inset(self.response))
        column.addStretch(1)
        self.setWidget(body)

    # ---------------------------------------------------------------------------------------------- what it follows

    def _follow(self, different: Changes) -> None:
        """The call's own changes show at once; who is free is counted again with the next second, once for them all."""
        if self._context.selection.call_id in different.calls or different.agency:
            self._refresh()
        elif different.people or different.units:
            self._counts_again = True

    def _tick(self) -> None:
        self._seconds += 1
        if self._counts_again or self._seconds % _LOOK_AGAIN_S == 0:
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
        self._counts_again = False
        others = self._others_told(call)
        self._stale = not self.isVisible()
        if self._stale:
            return
        now = self._context.store.now()
        content = screen(self._context.store.state, call, now, self._back_at) if call and call.closing is None else None
        if self.panel.is_open and (call is None or call.closing is not None):
            self.panel.leave()
        self._back_at = content.question if content and content.looking_back else None
        before, self._shown = self._shown, content
        if others and before and content and (before.question, before.seen) != (content.question, content.seen):
            self._moved, self._moved_under_keys = others, has_keyboard(self)
        if content is None or content != before:
            self._paint(content)
        else:
            self._show_hint()

    def _others_told(self, call: Call | None) -> str:
        """What somebody else told of the call since it was last looked at; of another call nothing."""
        before, self._known = self._known, call
        if self._call_id != (call.call_id if call else None):
            self._call_id = call.call_id if call else None
            self._shown = self._mine = self._back_at = None
            self._moved = ""
            self.asking.refuse("")
            self.asking.tell("")
            self.panel.leave()
            return ""
        if before is None or call is None or before is call:
            return ""
        others = moved_words(self._context.store.state, before, call, self._mine)
        if _shows(call, before, self._mine):
            self._mine = self._back_at = None
            self.asking.tell("")
            self.asking.refuse("")
        if others:
            self.asking.tell(others)
        return others

    def _paint_again(self) -> None:
        if self._shown is not None:
            self._paint(self._shown)

    def _paint(self, content: Screen | None) -> None:
        parts = (self._told_rule, self._by_hand, self._response_rule, self.response)
        for part in parts:
            part.setVisible(content is not None)
        self.told.setVisible(content is not None)
        if content is None:
            self._blank()
            return
        if self.place.text() != content.place:
            self.verticalScrollBar().setValue(0)  # another question is to be read, wherever the pane was scrolled to
        self.place.setText(content.place)
        self._origin.say(content.origin, content.origin.partition(",")[0])
        self.asking.show_screen(content)
        asked = ", ".join(f"{choice.key} {choice.words}" for choice in content.choices)
        self.setAccessibleDescription(f"{content.place}. {self.asking.question.text()} {asked}".strip())
        self.told.show_told(content.told, content.question if content.looking_back else QuestionId(""))
        self.response.show_response(content.proposed, content.verdicts)
        self._show_hint()

    def _blank(self) -> None:
        call = self.call
        why = "No call is chosen." if call is None else "No protocol is configured for this call."
        self.place.setText(f"Call {call.number} is closed." if call and call.closing else why)
        self._origin.setText("")
        self.hint.setText("")
        self.setAccessibleDescription(self.place.text())
        self.asking.clear()

    def _show_hint(self) -> None:
        if self._mine is not None:
            words = "sending…"
        elif self._shown is None or not self._shown.choices:
            words = ""
        elif self._read_only(self.call):
            words = "read only"
        elif not has_keyboard(self):
            words = f"{_key('focus.triage')} to answer"
        elif self._shown.looking_back:
            words = "a digit changes it"
        else:
            words = "a digit answers"
        self.hint.setText(words)
        self.hint.setVisible(bool(words))

    # ---------------------------------------------------------------------------------------------- what it does

    def _answer_place(self, place: int) -> None:
        """Give the answer whose digit stands at that place of the keyboard's row: 0 is "1"."""
        self.answer(str(place + 1))

    def answer(self, key: str, *, clicked: bool = False) -> None:
        """Give the answer of that digit to the question that is shown. While one is on its way, nothing is given."""
        call, content = self.call, self._shown
        if call is None or content is None or self._mine is not None or self.panel.is_open:
            return
        if all(choice.key != key for choice in content.choices):
            if content.choices:
                keys = ", ".join(choice.key for choice in content.choices)
                self.asking.refuse(f"{key} is no answer to this question; the answers are {keys}.")
        elif why_not := self._read_only(call):
            self.asking.refuse(why_not)
        elif not clicked and self._out_of_sight(key):
            self.asking.refuse(f"Not given: answer {key} was not in view. Press {key} again if it is meant.")
        elif not self._unseen(key, "answers this question", clicked=clicked):
            self._submit(AnswerQuestion(call.call_id, content.protocol, content.question, key, content.seen))

    def take_back(self) -> None:
        """Take the answer that is looked at, else the last one, back; its question is asked again."""
        call, content = self.call, self._shown
        if call is None or content is None or self._mine is not None or self.panel.is_open:
            return
        if why_not := self._read_only(call):
            self.asking.refuse(why_not)
            return
        given = [line.question for line in content.told if line.how in ("stands", "again")]
        if given and not self._unseen(_key("triage.take_back"), "is meant now"):
            self._submit(TakeBackAnswer(call.call_id, content.question if content.looking_back else given[-1]))

    def _read_only(self, call: Call | None) -> str:
        """Why the person at this desk only reads the questions; "" where they answer them."""
        store = self._context.store
        return why_not_answer(store.state, call, store.me.user_id, store.me.role) if call and store.me else ""

    def _out_of_sight(self, key: str) -> bool:
        """Whether the answer of that digit is scrolled away, or under the pane's edge; then it is brought into view."""
        button = next((button for button in self.asking.buttons if button.choice.key == key), None)
        if button is None or self.viewport().rect().contains(button.mapTo(self.viewport(), button.rect().center())):
            return False
        self.ensureWidgetVisible(button)
        return True

    def _unseen(self, key: str, meaning: str, *, clicked: bool = False) -> bool:
        """Whether this is the first key since somebody else moved the questions: it may be meant for the one before."""
        moved, self._moved = self._moved, ""
        if not (clicked or self._moved_under_keys):
            return False  # the keyboard came here since, so whoever presses a key has seen what stands here
        if moved:
            self.asking.refuse(f"Not given: {moved} Press {key} again if it {meaning}.")
        return bool(moved)

    def _walk(self, step: int) -> None:
        """Look at the answer before or after the one that is looked at; after the last comes the open question."""
        content = self._shown
        if content is None or self._mine is not None or self.panel.is_open:
            return
        earlier = content.changeable
        place = earlier.index(content.question) if content.looking_back else len(earlier)
        place = max(0, place + step)
        self._look_at(earlier[place] if place < len(earlier) else None)

    def _look_at(self, question: QuestionId | None) -> None:
        """Show an earlier question, with its answer, to change it; None shows the open one."""
        if question == self._back_at or self.panel.is_open:
            return
        self._back_at, self._moved = question, ""
        self.asking.refuse("")
        self._refresh()

    def _leave(self) -> None:
        """Back to the open question; out of the panel, where it asks."""
        if self.panel.is_open:
            self.panel.leave()
        else:
            self._look_at(None)

    def set_fact(self) -> None:
        """Ask for a fact that was learned outside the questions, in the place of the question."""
        call = self.call
        if call is None or call.closing is not None:
            self._context.notices.inform("No open call is chosen to set a fact of.")
            return
        self.wanted.emit()
        self._facts.ask(call)

    def _give_room(self, to: QWidget) -> None:
        """Either the question or the panel stands there, and is in view: what is hidden with the keyboard scrolls away."""
        self.asking.setVisible(to is self.asking)
        self.verticalScrollBar().setValue(0)

    def _submit(self, command: AnyCommand) -> None:
        call_id = self._call_id
        self._mine = command
        self.asking.refuse("")
        self._show_hint()
        self._context.store.submit(command).then(lambda outcome: self._heard(outcome, command, call_id))

    def _heard(self, outcome: CommandOutcome, command: AnyCommand, call_id: CallId | None) -> None:
        """A rejection is said beside the question; an acceptance shows itself, the state is there first."""
        if call_id != self._call_id:
            return
        if self._mine is command:
            self._mine = None
            self._show_hint()
        if isinstance(outcome, Rejected):
            self.asking.refuse(outcome.reason)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that digits count now."""
        super().focusInEvent(event)
        self._show_hint()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that digits do not count any more."""
        super().focusOutEvent(event)
        self._show_hint()


def _shows(call: Call, before: Call, mine: AnyCommand | None) -> bool:
    """Whether the call has what my command says and did not before: it came, and with it the next question may be asked."""

    def has(it: Call) -> object:
        match mine:
            case AnswerQuestion(question=question):
                return [(a.answer, a.attempt) for a in it.answers if a.question == question]
            case TakeBackAnswer(question=question):
                return [a.answer for a in it.answers if a.question == question]
            case _:
                return it.told

    return mine is not None and has(call) != has(before)


def _key(action_id: str) -> str:
    return key_words(action(action_id).keys[0])


def _inset(*parts: QWidget | QHBoxLayout, gap: int = 6) -> QVBoxLayout:
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
