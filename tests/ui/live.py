"""A desk's context over a told scene: what a pane submits is decided and evolved at once, as a hub would."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from console.domain.commands import Accepted, AnyCommand, CommandOutcome, Rejected
from console.domain.ids import DeskId, Seq, UserId
from console.domain.state import Role
from console.ui.context import Context
from console.ui.store import Store, Submission
from console.ui.ticking import PARTS
from console.wire.messages import Session
from tests.support.scenes import OKAFOR, Scene, floor


@dataclass
class Live:
    """The scene, the context over it, and every command that was submitted."""

    scene: Scene = field(default_factory=floor)
    me: UserId = OKAFOR
    sent: list[AnyCommand] = field(default_factory=list)
    waiting: list[Submission] = field(default_factory=list)
    refuse: Rejected | None = None
    """Given to every command instead of deciding it, where a test sets it."""

    def __post_init__(self) -> None:
        session = Session("token", self.me, self.me.title(), Role.TELECOMMUNICATOR, DeskId("desk-1"))
        self.store = Store(state=self.scene.state, now=lambda: self.now, submit=self._submit, me=session)
        self.context = Context(self.store)

    @property
    def now(self) -> datetime:
        """The scene's clock."""
        return self.scene.at

    def _submit(self, command: AnyCommand, occurred_at: datetime | None) -> CommandOutcome:
        self.sent.append(command)
        if self.refuse is not None:
            return self.refuse
        verdict = self.scene.when(command, self.me, occurred_at)
        if isinstance(verdict, Rejected):
            return verdict
        self.show()
        return Accepted(Seq(len(self.scene.log)))

    def hold_answers(self) -> None:
        """From now on the hub takes its time: commands wait in `waiting` until `answer`."""
        self.store.submit = self._wait  # type: ignore[method-assign]

    def _wait(self, command: AnyCommand, occurred_at: datetime | None = None) -> Submission:
        del occurred_at
        self.sent.append(command)
        self.waiting.append(Submission(command))
        return self.waiting[-1]

    def answer(self) -> None:
        """The hub answers the oldest waiting command; as over the wire, the state is there first."""
        submission = self.waiting.pop(0)
        verdict = self.refuse or self.scene.when(submission.command, self.me)
        if not isinstance(verdict, Rejected):
            self.show()
        submission.settle(verdict if isinstance(verdict, Rejected) else Accepted(Seq(len(self.scene.log))))

    def tell(self, *commands: AnyCommand, by: UserId = OKAFOR) -> None:
        """Others did this: the scene and the store take it."""
        self.scene.given(*commands, by=by)
        self.show()

    def show(self) -> None:
        """Let the store show the scene's state."""
        self.store.take_state(self.scene.state)

    def later(self, **span: float) -> None:
        """Let time pass, and tick once."""
        self.scene.at += timedelta(**span)
        self.tick()

    def tick(self) -> None:
        """A second, and what comes between it and the next."""
        self.context.ticker.second.emit()
        for part in range(PARTS):
            self.context.ticker.between.emit(part + 1)


W = TypeVar("W", bound=QWidget)


def on_screen(qtbot: QtBot, widget: W, width: int, height: int) -> W:
    """A widget of that size, shown, in the window that is in use."""
    qtbot.addWidget(widget)
    widget.resize(width, height)
    with qtbot.waitExposed(widget):
        widget.show()
    widget.activateWindow()
    return widget
