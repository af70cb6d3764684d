"""Where notices and what was not sent are shown: one thin row each, above the command line, never over the board."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from console.domain.agency import Agency, RefusedProtocol
from console.domain.ids import CommandId
from console.link.outbox import Row, RowState
from console.ui.action_button import ActionButton
from console.ui.actions import action, key_words
from console.ui.command_words import command_words
from console.ui.context import Context
from console.ui.handoff.news_watch import NewsWatch
from console.ui.notices import Notice, Weight
from console.ui.widgets import scaled

Button = tuple[str, str, Callable[[], None]]
"""Words, the key that is drawn beside them ("" for none), and what it does."""
AT_MOST = 4
"""Rows shown at once; the rest is counted."""

_SIGNS = {
    Weight.INFO: ("○", "muted"),
    Weight.NEWS: ("●", "due"),
    Weight.REFUSAL: ("✕", "due"),
    Weight.TROUBLE: ("◆", "due"),
    Weight.FAULT: ("▲", "alarm"),
}


class NoticeBar(QFrame):
    """The newest notices, the commands that came back, and protocols that were refused: these stand as long as they are.

    It takes no room while there is nothing to say.
    """

    send_now_asked = Signal(str)
    """The id of a command that a person wants sent after all."""
    discard_asked = Signal(str)
    """The id of a command that a person gives up, or whose refusal has been seen."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setAccessibleName("Notices")
        self._shown: tuple[object, ...] = ()
        self._standing: tuple[str, ...] = ()
        context.notices.changed.connect(self.refresh)
        context.store.unsent_changed.connect(self.refresh)
        context.store.changed.connect(lambda different: self.refresh() if different.agency else None)
        context.actions.bind("notice.dismiss", self, context.notices.dismiss)
        context.actions.bind("notice.open", self, self._open_newest)
        self._watch = NewsWatch(context, self)
        self.refresh()

    def keep(self, words: str, kept: bool) -> None:
        """Say this of the desk itself, above all notices, for as long as it is so: nobody can dismiss it."""
        others = tuple(said for said in self._standing if said != words)
        self._standing = (*others, words) if kept else others
        self.refresh()

    def refresh(self) -> None:
        """Show what stands now."""
        agency = self._context.store.state.agency
        back = [row for row in self._context.store.unsent if row.state in (RowState.EXPIRED, RowState.REJECTED)]
        notices = self._context.notices.standing[-AT_MOST:]
        refused = [*self._standing, *(refused_words(agency, each) for each in agency.refused)]
        shown = (*refused, *back[:AT_MOST], *notices, len(back), len(self._context.notices.standing))
        if shown == self._shown:
            return
        self._shown = shown
        while item := self._column.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        for words in refused:
            self._column.addWidget(_line("○", "muted", words, []))
        for row in back[:AT_MOST]:
            self._column.addWidget(self._unsent_row(row))
        for notice in notices:
            self._column.addWidget(self._notice_row(notice))
        hidden = max(0, len(back) - AT_MOST) + len(self._context.notices.standing) - len(notices)
        if hidden:
            self._column.addWidget(_line("", "muted", f"and {hidden} more", []))
        self.setVisible(self._column.count() > 0)

    def lines(self) -> list[str]:
        """The words of every row, from the top."""
        return [label.text() for line in self._lines() for label in line.findChildren(QLabel, "words")]

    def buttons(self) -> list[QPushButton]:
        """The buttons of every row, from the top."""
        return [button for line in self._lines() for button in line.findChildren(QPushButton)]

    def _lines(self) -> list[QWidget]:
        items = (self._column.itemAt(place) for place in range(self._column.count()))
        return [widget for item in items if item is not None and (widget := item.widget()) is not None]

    def _notice_row(self, notice: Notice) -> QWidget:
        sign, token = _SIGNS[notice.weight]
        dismiss = self._context.notices.dismiss
        newest = notice == self._context.notices.standing[-1]
        key = key_words(action("notice.dismiss").keys[0]) if newest else ""
        buttons: list[Button] = [("Dismiss", key, lambda: dismiss(notice.number))]
        if notice.call_id is not None:
            opens = key_words(action("notice.open").keys[0]) if notice == self._newest_of_a_call() else ""
            buttons.insert(0, (f"Open {self._number(notice)}".strip(), opens, lambda: self._open(notice)))
        return _line(sign, token, notice.words, buttons)

    def _newest_of_a_call(self) -> Notice | None:
        return next((each for each in reversed(self._context.notices.standing) if each.call_id is not None), None)

    def _number(self, notice: Notice) -> str:
        call = self._context.store.state.calls.get(notice.call_id) if notice.call_id is not None else None
        return call.number if call is not None else ""

    def _open_newest(self) -> None:
        notice = self._newest_of_a_call()
        if notice is not None:
            self._open(notice)

    def _open(self, notice: Notice) -> None:
        """Show the call of a notice, which is read with that; other notices of the call go too."""
        if notice.call_id is not None:
            self._context.notices.dismiss_about(notice.call_id)
            self._context.selection.open_call(notice.call_id)

    def _unsent_row(self, row: Row) -> QWidget:
        state = self._context.store.state
        about = command_words(state, row.command)
        command_id: CommandId = row.command_id
        if row.state is RowState.REJECTED:
            seen: Button = ("Seen", "", lambda: self.discard_asked.emit(command_id))
            return _line("✕", "due", f"Refused: {about}. {row.why}", [seen])
        send: Button = ("Send now", "", lambda: self.send_now_asked.emit(command_id))
        discard: Button = ("Discard", "", lambda: self.discard_asked.emit(command_id))
        return _line("◆", "due", f"Not sent: {about}. {row.why}", [send, discard])


def refused_words(agency: Agency, refused: RefusedProtocol) -> str:
    """Which protocol was refused, why, and what is asked by instead."""
    title = next((each.title for each in agency.protocols if each.id == refused.protocol), refused.protocol)
    because = refused.because.rstrip(".")
    if not refused.protocol:
        return f"The rules of eligibility could not be proved and were refused: {because}. The earlier configuration stays."
    text = "The earlier text of version" if refused.in_force == refused.version else "Version"
    stays = f"{text} {refused.in_force} stays in force" if refused.in_force else "It is not asked by"
    version = f", version {refused.version}," if refused.version else ""
    return f"{title}{version} could not be proved and was refused: {because}. {stays}."


def _line(sign: str, token: str, words: str, buttons: list[Button]) -> QWidget:
    """One row with its buttons."""
    line = QFrame()
    line.setProperty("role", "commands")
    row = QHBoxLayout(line)
    row.setContentsMargins(16, 3, 16, 3)
    row.setSpacing(10)
    mark = QLabel(sign)
    mark.setProperty("role", token)
    mark.setFixedWidth(scaled(14))  # or the words of two rows would not begin at one edge
    row.addWidget(mark)
    said = QLabel(words)
    said.setObjectName("words")
    said.setWordWrap(True)
    said.setAccessibleName(words)
    row.addWidget(said, 1)
    for text, key, do in buttons:
        button = ActionButton(text, key, "quiet")
        button.setAccessibleName(f"{text}: {words}")
        button.acted.connect(do)
        row.addWidget(button)
    return line
