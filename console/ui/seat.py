"""Who sits at this desk, at which hub: begins, signs in, follows, changes the person in an exercise, and ends."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from functools import cached_property
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QApplication

from console.domain.ids import CommandId, UserId
from console.domain.state import State
from console.link.connection import Connection
from console.link.hub_client import HubClient
from console.link.link_state import LinkState, LinkStatus
from console.link.outbox import Outbox
from console.link.problems import Refused, Unreachable
from console.ui import theme as themes
from console.ui.building import build, collect_garbage, end_collecting, end_opening, make_panes
from console.ui.context import Context
from console.ui.drafts import Drafts
from console.ui.errors import Faults
from console.ui.folders import data_folder, log_folder, settings_folder
from console.ui.opening import Opening
from console.ui.options import Options
from console.ui.panes import WORKSPACES, home_of
from console.ui.playing import nobody_free, now_you_are, whom_to_play
from console.ui.preferences import Preferences
from console.ui.store import Store
from console.ui.unsent import open_unsent
from console.wire.messages import Exercise, Session

if TYPE_CHECKING:
    from console.ui.desk import Desk
    from console.ui.own_hub import OwnHub
    from console.ui.sign_in import SignInPage, StartPage

TRY_AGAIN_S = 2.0
SHOW_WITHIN_S = 0.25
"""How long the window waits for a quick hub, so that the first it shows is a live board and no empty one."""


class _Closed(Exception):
    """The window was closed: ends the task group, and goes no further."""


class Seat:
    """One desk from its start to its end. `live` is the program's main coroutine.

    The hub is asked before the window is built, and the window is built between turns of the loop: while panes are made,
    the hub checks the password and packs the board. A window whose hub is quick is first shown with its live board.
    """

    desk: Desk

    def __init__(self, app: QApplication, options: Options, own: OwnHub | None, city: str) -> None:
        self._app = app
        self._options = options
        self._own = own
        self._preferences = Preferences(settings_folder() / "desk.json")
        remembered = self._preferences.now
        themes.prepare(app, themes.load_theme(remembered.theme), min(2.0, max(1.0, remembered.scale)))
        self.store = Store()
        self.context = Context(self.store, drafts=Drafts(settings_folder() / "drafts.json"), opening=Opening(over=False))
        self._faults, self._city = Faults(self.context.notices, str(log_folder() / "desk.log")), city
        self._client: HubClient | None = None
        self._outbox: Outbox | None = None
        self._connection: Connection | None = None
        self._exercise: Exercise | None = None
        self._sat = UserId("")  # who sits here, or sat here last
        self._first_workspace = options.workspace or "dispatch"
        self._played_at = self._first_workspace  # for which an exercise's person was found
        self._at_own_hub = self._hub_listens = False
        self._hub_ended: int | None = None  # the notice that says why the desk's own hub went away
        self._link_tasks: list[asyncio.Task[None]] = []
        self._closing, self._built = asyncio.Event(), asyncio.Event()
        self._to_show = asyncio.Event()  # there is something to be shown: the live board, or a page with a question

    async def live(self) -> int:
        """Connect, show the desk, and stay until it is closed. Returns the exit code."""
        self._faults.install(asyncio.get_running_loop())
        self.context.opening.afterwards(collect_garbage)
        try:
            async with asyncio.TaskGroup() as tasks:
                self.store.tasks = tasks
                if self._options.hub:
                    self._connect(HubClient(self._options.hub))
                elif self._options.exercise:
                    self._hear_own_hub()
                await self._build()
                await self._closing.wait()
                raise _Closed
        except* _Closed:
            pass
        finally:
            self.store.tasks = self.store.history = None
            self.context.ticker.stop()
            await self._end()
            self._faults.uninstall()
            end_collecting()
        return 0

    async def _build(self) -> None:
        """Make the window and show it. In between the loop turns, so that nothing else waits for it."""
        self.desk = await build(self.context, self._preferences, self._first_workspace)
        self._bind()
        if self._options.hub:
            self._remember(self._options.hub)
        if not self._options.hub and not self._options.exercise:
            self.desk.show_page(self._start)
        else:
            await make_panes(self.desk)
        end_opening(self.desk, self.context, says=self._options.say_when_ready)
        if self._connection is not None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._to_show.wait(), SHOW_WITHIN_S)
        themes.dress(self._app)
        self.desk.show()
        self.context.ticker.start()
        self._built.set()

    def _bind(self) -> None:
        desk = self.desk
        desk.closed.connect(self._closing.set)
        desk.sign_out_asked.connect(lambda: self._spawn(self._sign_out()))
        desk.speed_asked.connect(lambda speed: self._spawn(self._set_speed(speed)))
        desk.send_now_asked.connect(lambda id_: self._with(lambda c: c.send_now(CommandId(id_))))
        desk.discard_asked.connect(lambda id_: self._with(lambda c: c.discard(CommandId(id_))))
        desk.workspace_shown.connect(lambda _: self._spawn(self._play()))
        self.store.failed.connect(lambda error: self._faults.report(error, "sending a command"))

    @cached_property
    def _start(self) -> StartPage:
        from console.ui.sign_in import StartPage  # made only where it is shown

        page = StartPage(self._city, self._preferences.now.start)
        page.exercise_asked.connect(self._begin_exercise)
        page.hub_asked.connect(self._begin_at)
        return page

    @cached_property
    def _sign_in(self) -> SignInPage:
        from console.ui.sign_in import SignInPage  # made only where it is shown

        page = SignInPage(self._preferences.now.user_id, with_back=not self._options.hub)
        page.to_hub(self._options.hub)
        page.back_asked.connect(lambda: self._spawn(self._leave_hub()))
        page.sign_in_asked.connect(lambda user, password: self._spawn(self._enter(user, password, goes_home=True)))
        return page

    # --------------------------------------------------------------------------------------------- beginning

    def _begin_exercise(self) -> None:
        """The start page: take part in the desk's own exercise, whose hub is running or about to."""
        self._remember("exercise")
        self.desk.show_board()
        self._hear_own_hub()

    def _begin_at(self, address: str) -> None:
        """The start page: go to a center's hub."""
        self._remember(address)
        self._sign_in.to_hub(address)
        self._sign_in.say("")
        self.desk.show_page(self._sign_in)
        self._connect(HubClient(address))

    async def _leave_hub(self) -> None:
        """Back from a hub that nobody has signed in to, to the start page."""
        tasks, self._link_tasks = self._link_tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._let_go()
        self.store.send = None
        self.desk.show_page(self._start)

    def _hear_own_hub(self) -> None:
        """Connect to the desk's own hub as soon as it listens, and whenever it does so again."""
        if self._own is None:
            return
        loop = asyncio.get_running_loop()

        def tell(url: str, why: str) -> None:
            with contextlib.suppress(RuntimeError):  # the loop has ended: the desk is being closed
                loop.call_soon_threadsafe(self._own_hub, url, why)

        self._own.thread.hear(tell)

    def _own_hub(self, url: str, why: str) -> None:
        notices = self.context.notices
        self._hub_listens = not why
        if why:
            if self._hub_ended is not None:
                notices.dismiss(self._hub_ended)
            self._hub_ended = notices.warn(why).number
            return
        if self._client is not None:
            self._client.move_to(url)
        elif self._own is not None:
            self._at_own_hub = True
            self._connect(HubClient(url, self._own.thread.token))

    def _remember(self, start: str) -> None:
        if self._preferences.now.start != start:
            self._preferences.now.start = start
            self._preferences.save()

    def _connect(self, client: HubClient) -> None:
        outbox = open_unsent(data_folder() / "unsent", self.context.notices)
        if outbox is None:
            return
        store = self.store
        connection = Connection(
            client,
            outbox,
            on_change=self._changed,
            on_link=self._linked,
            on_unsent=self._unsent,
            on_session=self._session,
            on_typing=store.take_typing,
        )
        self._client, self._outbox, self._connection = client, outbox, connection
        store.send, store.history, store.typist = connection.submit, client, connection.type_into
        self.context.sealing.through(client, self._spawn)
        self.context.tiles.through(client, self._spawn)
        store.keep_time_by(connection.now, lambda: connection.rate)
        store.share_positions(connection.positions)
        store.take_link(connection.link)
        self._link_tasks = self._spawn(connection.run()) + self._spawn(self._arrive())

    async def _arrive(self) -> None:
        """Learn whether the hub plays an exercise: then sign in by itself, else ask who is there."""
        assert self._client is not None
        while True:
            try:
                self._exercise = await self._client.exercise()
                break
            except Unreachable as error:
                if not self._at_own_hub:
                    await self._ask_who(f"{error} Trying again.")
                await asyncio.sleep(TRY_AGAIN_S)
            except Refused as refused:
                await self._ask_who(refused.problem.detail)
                return
        self.store.plays = self._exercise is not None
        if self._exercise is not None:
            await self._play()
        else:
            await self._ask_who("")

    async def _ask_who(self, words: str) -> None:
        """Show the sign-in page, with what went wrong; who signed in while the hub was slow to answer is not asked again."""
        self._to_show.set()
        await self._built.wait()
        if self.store.me is None:
            self._sign_in.say(words)
            self.desk.show_page(self._sign_in)
            self.context.opening.end()

    # --------------------------------------------------------------------------------------------- the person

    async def _play(self, again: UserId | None = None) -> None:
        """In an exercise: become whoever this workspace is for and sits at no other desk by now, or `again` oneself."""
        if self._exercise is None or self._client is None or self._outbox is None:
            return
        try:
            if self._sat:  # else it was learned a moment ago
                self._exercise = await self._client.exercise() or self._exercise
        except (Unreachable, Refused) as error:
            await self._stay(f"{error} Choose the workspace again to be somebody else.")
            return
        workspace = WORKSPACES[self.desk.workspace if self._built.is_set() else self._first_workspace]
        me = self.store.me
        mine = me.user_id if me is not None and me.role is workspace.played_as else UserId(self._options.user)
        roles = workspace.roles if again else (workspace.played_as,)
        person = whom_to_play(self._exercise, roles, self._outbox.desk_id, again or mine)
        if person is None:
            await self._stay(nobody_free(self._exercise, workspace.played_as))
        elif me is None or me.user_id != person.user_id:
            await self._stay(await self._enter(person.user_id, person.password, now_you_are(person)))
        if person is not None and self.store.me is not None and self.store.me.user_id == person.user_id:
            self._played_at = workspace.name

    async def _stay(self, why: str) -> None:
        """Nobody else could be played: whoever sits here stays, in the workspace of theirs; else ask who is there."""
        if not why:
            return
        await self._built.wait()
        if (me := self.store.me) is None:
            await self._ask_who(why)
            return
        self.context.notices.refuse(f"{why} You stay {me.name}.")
        self.desk.show_workspace(self._played_at, as_oneself=True)

    async def _enter(self, user: str, password: str, words: str = "", *, goes_home: bool = False) -> str:
        """Sign in, say these words, and show the board; returns why not, which is said where the name was typed.

        `goes_home` shows the workspace of whoever signed in.
        """
        if self._connection is None:
            return ""
        try:
            session = await self._connection.sign_in(UserId(user), password)
        except (Refused, Unreachable) as error:
            detail = error.problem.detail if isinstance(error, Refused) else f"{error} Nobody was signed in; try again."
            await self._ask_who(detail)
            return detail
        else:
            if self._exercise is None:
                self._preferences.now.user_id = user
                self._preferences.save()
            if words:
                self.context.notices.inform(words)
            await self._built.wait()
            if "_sign_in" in self.__dict__:
                self._sign_in.say("")
            known = bool(self._options.workspace) or self._sat == session.user_id
            if goes_home and (home := home_of(session.role, self.desk.workspace, stays=known)):
                self.desk.show_workspace(home, as_oneself=True)
            self._sat = session.user_id
            self.desk.show_board()
            own, self._own = self._own, self._own if self._at_own_hub else None
            if own is not self._own and own is not None:
                await asyncio.to_thread(own.stop)  # the exercise that was offered, and not taken
            return ""

    async def _sign_out(self) -> None:
        if self._connection is not None and self._exercise is None:
            why_not = await self._connection.sign_out()
            if why_not:
                self.context.notices.refuse(why_not)
        elif self._exercise is not None:
            self.context.notices.inform("An exercise signs in by itself; change the workspace to be somebody else.")

    def _session(self, session: Session | None, why: str) -> None:
        """The connection says who is signed in now."""
        self.store.take_me(session)
        if session is None and self._exercise is None:
            self._spawn(self._ask_who(why))
        elif session is None and why:
            self._spawn(self._play(self._sat))

    # --------------------------------------------------------------------------------------------- from the link

    def _changed(self, old: State, new: State, moved: frozenset[Any]) -> None:
        """One read of the stream: the state, then the positions."""
        store = self.store
        if new is not old:
            store.take_state(new)
        if moved:
            store.moved(moved)

    def _linked(self, link: LinkStatus) -> None:
        """How the link stands; once the board is live again nobody need know that the desk's own hub had ended."""
        self.store.take_link(link)
        if link.live:
            self._to_show.set()
        if link.state is LinkState.LIVE and self._hub_listens and self._hub_ended is not None:
            self.context.notices.dismiss(self._hub_ended)
            self._hub_ended = None

    def _unsent(self) -> None:
        if self._connection is not None:
            self.store.take_unsent(self._connection.unsent)

    async def _set_speed(self, speed: float) -> None:
        if self._client is None:
            return
        try:
            await self._client.set_speed(speed)
        except (Refused, Unreachable) as error:
            self.context.notices.refuse(f"{error} The speed is as it was.")

    # --------------------------------------------------------------------------------------------- tasks and the end

    def _spawn(self, work: Coroutine[Any, Any, Any]) -> list[asyncio.Task[None]]:
        """Run in the desk's task group, if the desk is still open; a fault is told and ends nothing else."""

        async def guarded() -> None:
            try:
                await work
            except Exception as error:
                self._faults.report(error)

        if self.store.tasks is None:
            work.close()
            return []
        return [self.store.tasks.create_task(guarded())]

    def _with(self, do: Callable[[Connection], Coroutine[Any, Any, None]]) -> None:
        if self._connection is not None:
            self._spawn(do(self._connection))

    async def _end(self) -> None:
        """Sign out if that is quick, then let go of the hub and the disk.

        A hub that is not there, or that refuses (a caller is in this person's care), keeps nobody from closing the desk.
        """
        self.context.drafts.flush()
        if self._connection is not None and self._client is not None and self._exercise is None and self.store.me:
            with contextlib.suppress(TimeoutError, Unreachable, Refused):
                async with asyncio.timeout(1.0):
                    await self._client.sign_out()
        await self._let_go()
        if self._built.is_set():
            self.desk.hide()
            self.desk.deleteLater()

    async def _let_go(self) -> None:
        """Close what is open towards the hub and on the disk."""
        client, outbox = self._client, self._outbox
        self._client = self._outbox = self._connection = self.store.history = None
        self.context.sealing.cut()
        self.context.tiles.cut()
        if client is not None:
            await client.close()
        if outbox is not None:
            await outbox.close()
