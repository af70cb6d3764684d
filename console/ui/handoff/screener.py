"""The structured screener of the caller's risk: one question, its digits, the answers so far, and the level they give."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from console.domain import queries
from console.domain.changes import Changes
from console.domain.commands import CommandOutcome, Rejected, ReleaseSummary
from console.domain.state import Call, Entry
from console.domain.times import time_of_day
from console.domain.triage.interview import Asking
from console.domain.triage.protocol import Question
from console.domain.triage.screener import Screener
from console.domain.triage.screening import Outlook, Said, asked, outlook
from console.link.fresh import new_entry_id
from console.ui.actions import action, key_words
from console.ui.context import Context
from console.ui.handoff.screener_words import answered_words, level_words
from console.ui.handoff.screening import Screening
from console.ui.triage.answer_button import AnswerButton
from console.ui.triage.model import Choice
from console.ui.widgets import caption, give_look, has_keyboard, rich, scaled

_ROLES = {"fine": "strong", "due": "due", "past": "alarm"}


class ScreenerPane(QScrollArea):
    """Asks the screener of the caller a clinician speaks with. A digit answers while the pane has the keyboard.

    What is answered goes to the hub, sealed, and to no draft and no outbox; whoever leaves the call leaves nothing here.
    """

    moved = Signal()
    """Whether it has something to ask may be another now: its tab follows."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.screening = Screening(context)
        self._reckoned: tuple[Screener, tuple[Said, ...], Outlook] | None = None
        self.setAccessibleName("Screener")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.place, self.hint = caption("", "muted"), caption("", "small")
        self.question, self.others = caption("", "question", wrap=True), rich("muted")
        self.buttons: list[AnswerButton] = []
        self.answered, self.level = rich(), caption("", "strong", wrap=True)
        self.advice, self.said = caption("", "", wrap=True), caption("", "alarm", wrap=True)
        keys = context.actions
        self.tell = keys.button("screener.tell", self, self._tell, confirm="Again: everybody will read the level")
        self._lay_out()
        keys.bind_each("screener.answer", self, lambda place: self.answer(str(place + 1)))
        keys.bind("screener.take_back", self, self.take_back)
        keys.bind("screener.seal", self, self.screening.seal)
        self.screening.changed.connect(self.refresh)
        context.store.changed.connect(self._follow)
        context.store.me_changed.connect(self.refresh)
        context.selection.call_changed.connect(lambda _: self.refresh())
        context.theme.changed.connect(self.refresh)
        self.refresh()

    def _lay_out(self) -> None:
        self._grid = QGridLayout()
        self._grid.setSpacing(scaled(8))
        for side in (0, 1):
            self._grid.setColumnStretch(side, 1)
        head, foot = QHBoxLayout(), QHBoxLayout()
        head.addWidget(self.place, 1)
        head.addWidget(self.hint)
        foot.addWidget(self.tell)
        foot.addStretch(1)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(scaled(16), scaled(14), scaled(16), scaled(14))
        column.setSpacing(scaled(8))
        column.addLayout(head)
        for widget in (self.question, self.others):
            column.addWidget(widget)
        column.addLayout(self._grid)
        for widget in (self.said, self.answered, self.level, self.advice):
            column.addWidget(widget)
        column.addLayout(foot)
        column.addStretch(1)
        self.setWidget(body)

    # ---------------------------------------------------------------------------------------------- what it follows

    @property
    def has_screener(self) -> bool:
        """Whether the center has one, and this person may be asked to use it."""
        return self._context.store.state.agency.screener is not None

    def _mine(self) -> Call | None:
        """The chosen call, where its caller speaks with the person at this desk."""
        call, me = self._context.chosen_call, self._context.store.me
        here = call is not None and me is not None and call.closing is None and queries.on_the_line(call) == me.user_id
        return call if here else None

    def _follow(self, different: Changes) -> None:
        if different.agency or self._context.selection.call_id in different.calls:
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up, and fetch what was answered before."""
        super().showEvent(event)
        self.refresh()

    def refresh(self) -> None:
        """Show the screener of the chosen call as it stands."""
        screener, call = self._context.store.state.agency.screener, self._mine()
        if call is None or self.isVisible():
            self.screening.follow(call)
        self.moved.emit()
        asking = asked(screener, self.screening.said) if screener is not None and call is not None else None
        self._show_question(asking if isinstance(asking, Asking) else None)
        said = self.screening.said
        parts = answered_words(screener, said) if screener is not None else []
        words = [f"{n} {escape(name.lower())} <b>{escape(answer.lower())}</b>" for n, (name, answer) in enumerate(parts, 1)]
        self.answered.setText(" · ".join(words))
        found = self._outlook(said)
        self.level.setText(level_words(found) if found else "")
        give_look(self.level, role=_ROLES[found.level.shown] if found else "strong")
        language = screener.protocol.languages[0] if screener is not None else ""
        self.advice.setText(found.level.advice.get(language, "") if found else "")
        self.said.setText(self.screening.trouble)
        for label in (self.answered, self.level, self.advice, self.said):
            label.setVisible(bool(label.text()))
        self._show_tell(call, found)
        self._show_place(asking if isinstance(asking, Asking) else None, ended=asking is not None)
        self._show_hint()

    def _show_tell(self, call: Call | None, found: Outlook | None) -> None:
        """The button says when which level was told; one that was told is not told again, another one can be."""
        why_not = "" if call is not None else "The caller is not in your care."
        told = self._told(call) if call is not None else None
        words = "Tell dispatch the level"
        if told is not None:
            store = self._context.store
            level = told.text[len(self._lead()) :].rstrip(".")
            same = found is not None and told.text == self._level_told(found)
            words = (
                f"{'told' if same else 'Tell again · told'} {time_of_day(store.state.agency, told.at, store.now())}: {level}"
            )
            why_not = why_not or ("Everybody has been told this level." if same else "")
        self.tell.say(words, why_not or ("" if found else "Nothing is answered yet."))

    def _told(self, call: Call) -> Entry | None:
        """The level that was told last, as it stands in the narrative."""
        lead = self._lead()
        told = (entry for entry in reversed(call.narrative) if entry.summary and entry.text.startswith(lead))
        return next(told, None) if lead else None

    def _lead(self) -> str:
        screener = self._context.store.state.agency.screener
        return f"{screener.protocol.title} asked: " if screener is not None else ""

    def _level_told(self, found: Outlook) -> str:
        level = level_words(found).lstrip("◆▲ ")
        return f"{self._lead()}{level[:1].lower()}{level[1:]}."

    def _outlook(self, said: tuple[Said, ...]) -> Outlook | None:
        """The level so far. All ends of the interview are walked for it, so only where an answer is another."""
        screener = self._context.store.state.agency.screener
        if screener is None or not said:
            return None
        if self._reckoned is None or self._reckoned[:2] != (screener, said):
            self._reckoned = screener, said, outlook(screener, said)
        return self._reckoned[2]

    def _show_place(self, asking: Asking | None, *, ended: bool) -> None:
        screener = self._context.store.state.agency.screener
        if screener is None:
            self.place.setText("This center has no screener.")
        elif self._mine() is None:
            self.place.setText("The screener is for the caller in your care.")
        else:
            title = screener.protocol.title
            where = f"{asking.number} of at most {asking.at_most}" if asking else "all asked" if ended else ""
            self.place.setText(f"{title} · {where}")
        self.setAccessibleDescription(f"{self.place.text()}. {self.question.text()}".strip())

    def _show_question(self, asking: Asking | None) -> None:
        question: Question | None = asking.question if asking else None
        screener = self._context.store.state.agency.screener
        languages = screener.protocol.languages if screener is not None else ()
        texts = [question.text[language] for language in languages] if question else []
        self.question.setText(texts[0] if texts else "")
        self.others.setText("<br>".join(f"<i>{escape(words)}</i>" for words in texts[1:]))
        for label in (self.question, self.others):
            label.setVisible(bool(label.text()))
        answers = question.answers if question else ()
        had_keyboard = has_keyboard(self)
        while len(self.buttons) < len(answers):
            button = AnswerButton()
            button.clicked.connect(lambda _=False, button=button: self.answer(button.choice.key))
            self._grid.addWidget(button, len(self.buttons) // 2, len(self.buttons) % 2)
            self.buttons.append(button)
        for place, button in enumerate(self.buttons):
            button.setVisible(place < len(answers))
            if place < len(answers):
                first, *rest = (answers[place].text[language] for language in languages)
                button.show_choice(Choice(answers[place].key, first, tuple(rest)))
        if had_keyboard:
            self.setFocus()

    def _show_hint(self) -> None:
        if self.screening.is_sending:
            words = "sealing…"
        elif self.screening.trouble and not self.screening.is_sealed:
            words = f"{key_words(action('screener.seal').keys[0])} seals again"
        elif self._mine() is None or self.question.isHidden():
            words = ""
        else:
            words = "a digit answers" if has_keyboard(self) else f"{key_words(action('screener.open').keys[0])} to answer"
        self.hint.setText(words)
        self.hint.setVisible(bool(words))

    # ---------------------------------------------------------------------------------------------- what it does

    def answer(self, key: str) -> None:
        """Give the answer of that digit to the question that is shown."""
        screener, call = self._context.store.state.agency.screener, self._mine()
        asking = asked(screener, self.screening.said) if screener is not None and call is not None else None
        if screener is None or not isinstance(asking, Asking):
            return
        if asking.question.answer(key) is None:
            keys = ", ".join(answer.key for answer in asking.question.answers)
            self.said.setText(f"{key} is no answer to this question; the answers are {keys}.")
            self.said.show()
            return
        self.screening.answer(screener, asking.question.id, key, self._context.store.now())

    def take_back(self) -> None:
        """Take the last answer back; its question is asked again."""
        screener = self._context.store.state.agency.screener
        if screener is not None and self._mine() is not None and self.screening.said:
            self.screening.take_back(screener, self.screening.said[-1].question)

    def _tell(self) -> None:
        """Say the level to everybody on purpose, and nothing of the answers."""
        screener, call = self._context.store.state.agency.screener, self._mine()
        if screener is None or call is None or not self.screening.said:
            return
        found = self._outlook(self.screening.said)
        assert found is not None
        told = ReleaseSummary(call.call_id, new_entry_id(), self._level_told(found))
        self._context.store.submit(told).then(self._heard)

    def _heard(self, outcome: CommandOutcome) -> None:
        if isinstance(outcome, Rejected):
            self.said.setText(outcome.reason)
            self.said.show()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that digits count now."""
        super().focusInEvent(event)
        self._show_hint()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that digits do not count any more."""
        super().focusOutEvent(event)
        self._show_hint()
