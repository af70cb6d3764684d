"""Follow-up: the list of who is owed a first contact, the chosen one, and how it fares beside what is published."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from console.domain.changes import Changes
from console.domain.ids import ReferralId
from console.domain.outreach import figures
from console.ui.context import Context
from console.ui.followups.referral_card import ReferralCard
from console.ui.followups.referral_list import HEIGHT, ReferralList
from console.ui.followups.rows import count_words, figures_words, list_name
from console.ui.followups.whose import referrals_of
from console.ui.widgets import Elided, caption, scaled


class FollowUpsPane(QWidget):
    """Referrals by when they are due. Choosing one shows it, and chooses its call: its neighbor is shown beside."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.setAccessibleName("Follow-ups")
        self.title, self.count = caption("", "heading"), Elided("muted")
        self.list, self.card = ReferralList(context), ReferralCard(context)
        self.none = caption("", "muted", wrap=True)
        self.figures = caption("", "small", wrap=True)
        self.setFocusProxy(self.list)
        top = QFrame()
        top.setProperty("role", "strip")
        line = QHBoxLayout(top)
        line.setContentsMargins(scaled(14), scaled(11), scaled(14), scaled(12))
        line.setSpacing(scaled(10))
        line.addWidget(self.title)
        line.addWidget(self.count, 1)
        self.scrolled = QScrollArea()
        self.scrolled.setWidgetResizable(True)
        self.scrolled.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scrolled.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scrolled.setWidget(self.card)
        for label in (self.none, self.figures):
            label.setContentsMargins(scaled(14), scaled(8), scaled(14), scaled(8))
        self.list.setMinimumHeight(scaled(HEIGHT + 4))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(top)
        column.addWidget(self.none)
        column.addWidget(self.list, 1)
        column.addWidget(self.scrolled, 3)
        column.addWidget(self.figures)
        context.actions.bind("focus.follow_ups", self, self.go_to)
        self.list.chosen_changed.connect(self._chosen)
        self.card.asking.connect(self._make_room)
        self.card.panel.list.selectionModel().currentChanged.connect(self._chose_a_way)
        context.store.changed.connect(self._follow)
        context.store.me_changed.connect(self.refresh)
        context.ticker.second.connect(self._count)
        self.refresh()

    def go_to(self) -> None:
        """Put the keyboard here: on the referral of the chosen call's neighbor, the chosen one, or the first."""
        call, rows = self._context.chosen_caller, self.list.referrals.rows
        theirs = {one.referral_id for one in referrals_of(self._context.store.state, call)} if call is not None else set()
        mine = [row for row in rows if row.referral_id in theirs]
        mine.sort(key=lambda row: call is None or row.referral.call_id != call.call_id)  # this call's own before others
        own = mine[0].referral_id if mine else None
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        self.list.choose(own or self.list.chosen or (rows[0].referral_id if rows else None))

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while the pane was hidden."""
        super().showEvent(event)
        self.refresh()

    def _follow(self, different: Changes) -> None:
        if different.referrals or different.agency:
            self.refresh()

    def refresh(self) -> None:
        """Show how many there are, and how it fares."""
        state = self._context.store.state
        name, published = list_name(state.agency), state.agency.follow_up.published
        self.title.setText(name)
        listed = bool(self.list.referrals.rows)
        self.none.setText(f"Nobody is owed a contact by {name} now.")
        self.none.setVisible(not listed)
        found = figures(state)
        self.figures.setText("\n".join(figures_words(state.agency, found)))
        source = f"; published: {published.source}" if published is not None else ""
        self.figures.setToolTip(f"{found.contacted} reached of {found.referred} referrals on the lists{source}")
        self.scrolled.setVisible(self.list.chosen is not None)
        self._count()

    def _chosen(self, referral_id: str) -> None:
        one = self._context.store.state.referrals.get(ReferralId(referral_id)) if referral_id else None
        if one is not None:
            self._context.selection.choose_call(one.call_id)
        self.card.show_referral(referral_id)
        self.scrolled.setVisible(bool(referral_id))
        self.scrolled.verticalScrollBar().setValue(0)

    def _make_room(self, asking: bool) -> None:
        """What is asked has the whole pane."""
        self.list.setVisible(not asking)
        self.figures.setVisible(not asking)

    def _chose_a_way(self) -> None:
        # One turn later: a list that takes the keyboard selects its first row for a moment.
        QTimer.singleShot(0, self, self._see_what_enter_does)

    def _see_what_enter_does(self) -> None:
        """Something was chosen: what stands below the choices is what is needed next."""
        bar = self.scrolled.verticalScrollBar()
        if self.card.panel.option is not None:
            bar.setValue(bar.maximum())

    def _count(self) -> None:
        now, me = self._context.store.now(), self._context.me
        self.count.say(count_words(self.list.referrals.rows, now, me))
