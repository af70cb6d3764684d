"""Watches the board for what concerns the person at this desk and happens where they do not look; it becomes a notice."""

from __future__ import annotations

from PySide6.QtCore import QObject

from console.domain.changes import Changes
from console.domain.state import PresenceStatus, State
from console.ui.context import Context
from console.ui.handoff.news import News, at_sign_in, news, put_away


class NewsWatch(QObject):
    """Each notice stands until it is dismissed or its call is chosen; the one of being put away, until one is not."""

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._seen: State | None = None
        """The board as it was looked at last; None until somebody sits here and there is one."""
        self._told: set[int] = set()
        self._away: int | None = None
        context.store.changed.connect(self._follow)
        context.store.me_changed.connect(lambda _: self._begin())
        context.selection.call_changed.connect(context.notices.dismiss_about)
        self._begin()

    def _begin(self) -> None:
        """Another person: what was told to the one before goes, and what stands for this one is told."""
        for number in self._told:
            self._context.notices.dismiss(number)
        self._told.clear()
        self._away = None
        state = self._context.store.state
        self._seen = state if self._context.me and state.people else None
        if self._seen is not None:
            for one in at_sign_in(state, self._context.me):
                self._tell(one)

    def _follow(self, different: Changes) -> None:
        before, state, me = self._seen, self._context.store.state, self._context.me
        if before is None:
            self._begin()
            return
        self._seen = state
        if different.calls:
            for one in news(before, state, different, me):
                if not (one.shown_there and one.call_id == self._context.selection.call_id):
                    self._tell(one)
        if me in different.people:
            self._follow_presence(before, state)

    def _follow_presence(self, before: State, state: State) -> None:
        mine = state.people.get(self._context.me)
        if self._away is not None and (mine is None or mine.status is not PresenceStatus.AWAY):
            self._context.notices.dismiss(self._away)
            self._away = None
        if words := put_away(before, state, self._context.me):
            self._away = self._context.notices.tell(words).number
            self._told.add(self._away)

    def _tell(self, one: News) -> None:
        self._told.add(self._context.notices.tell(one.words, one.call_id).number)
