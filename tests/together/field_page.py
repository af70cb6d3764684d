"""Opens a tablet's page at a real hub, in a real browser engine and a process of its own, and works it as a crew does.

Run by `test_field_page.py` as `python -m tests.together.field_page FOLDER`. Prints one line of JSON: a name for each
observation.
"""

from __future__ import annotations

import asyncio
import faulthandler
import json
import logging
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import qasync
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from console.domain import commands as c
from console.domain.agency import CheckRules
from console.domain.ids import CautionId, EntryId, NeighborId, UnitId
from console.domain.state import Call, Unit, UnitStatus
from console.ui.map.scheme import expect_web_engine
from tests.support.agency import AGENCY
from tests.support.cut import Wire, wire
from tests.support.hub import RunningHub, running_hub
from tests.support.scenes import CALL, receive
from tests.support.tablet import Tablet, tablet_of

A1 = UnitId("A1")
GIVE_UP_S = 240
SIZES = {"wide": (1280, 800), "tall": (800, 1280)}

AUDIT = """(() => {
  const linear = (v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const ground = (node) => { for (; node; node = node.parentElement) {
                               const found = parts(getComputedStyle(node).backgroundColor);
                               if (found.length < 4 || found[3] > 0) return found.slice(0, 3); }
                             return [255, 255, 255]; };
  const seen = (node) => node.checkVisibility() && !node.closest(".unseen");
  const said = [...document.body.querySelectorAll("*")].filter((node) => seen(node) &&
    [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim()));
  const contrast = said.map((node) => {
    const [a, b] = [parts(getComputedStyle(node).color).slice(0, 3), ground(node)].map(light);
    return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), node.textContent.slice(0, 40)]; });
  const buttons = [...document.querySelectorAll("button, input, textarea")].filter(seen).map((node) => {
    const box = node.getBoundingClientRect();
    return [Math.min(box.width, box.height), node.textContent || node.id]; });
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  const named = [...document.querySelectorAll("button, input, textarea")].filter(seen)
    .filter((node) => !(node.textContent.trim() || node.labels?.length)).map((node) => node.id);
  return { contrast: contrast.sort((a, b) => a[0] - b[0])[0], smallest: buttons.sort((a, b) => a[0] - b[0])[0],
           overflow: wide, unnamed: named, texts: said.length };
})()"""


class Visit:
    """A tablet's browser, and the hub behind a wire that can be cut."""

    def __init__(self, hub: RunningHub, line: Wire) -> None:
        """Open an empty browser."""
        from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile, QWebEngineUrlRequestInterceptor
        from PySide6.QtWebEngineWidgets import QWebEngineView

        self.hub, self.line = hub, line
        self.console: list[str] = []
        self.asked: set[str] = set()
        console, asked = self.console, self.asked

        class Interceptor(QWebEngineUrlRequestInterceptor):
            def interceptRequest(self, request: Any) -> None:
                asked.add(request.requestUrl().authority())

        class Page(QWebEnginePage):
            def javaScriptConsoleMessage(self, _level: Any, message: str, where: int, _source: str) -> None:
                console.append(f"{message} ({where})")

        self.profile = QWebEngineProfile()
        self.interceptor = Interceptor()
        self.profile.setUrlRequestInterceptor(self.interceptor)
        self.page = Page(self.profile)
        self.view = QWebEngineView()
        self.view.setPage(self.page)
        self.view.resize(*SIZES["wide"])
        self.view.show()

    async def leave(self) -> None:
        """Close the browser, the page before the profile that it belongs to."""
        gone = asyncio.Event()
        self.page.destroyed.connect(lambda *_: gone.set())
        self.view.close()
        self.view.deleteLater()
        self.page.deleteLater()
        await gone.wait()

    # --------------------------------------------------------------------------------------- what a person does

    async def open(self, address: str) -> None:
        """Go to an address of the hub."""
        loaded: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self.page.loadFinished.connect(loaded.set_result, Qt.ConnectionType.SingleShotConnection)
        self.view.load(QUrl(self.line.url + address))
        assert await loaded

    async def click(self, selector: str) -> None:
        """Press a button with the pointer, where it really is, once it is there, takes presses and stays where it is.

        What was pressed last stands above the buttons until its answer is there, and they move up when it goes.
        """
        find = f"document.querySelector({json.dumps(selector)})"
        still = "(document.body.dataset.link !== 'live' || !localStorage['heart.field.unsent'])"
        await self.until(
            f"{find} && {find}.checkVisibility() && !document.querySelector('#act').dataset.settling && {still}"
        )
        box = await self.ask(
            f"(() => {{ const n = {find}; n.scrollIntoView({{block: 'center'}}); const b = n.getBoundingClientRect();"
            " const [x, y] = [b.x + b.width / 2, b.y + b.height / 2];"
            " return [x, y, n.contains(document.elementFromPoint(x, y))]; })()"
        )
        assert box[2], f"something lies over {selector}"
        QTest.mouseClick(self.glass, Qt.MouseButton.LeftButton, pos=QPoint(round(box[0]), round(box[1])))

    async def choose(self, selector: str) -> None:
        """Press a button that stays chosen; back once it is, and the page has drawn what comes of it."""
        await self.click(selector)
        await self.until(f"document.querySelector({json.dumps(selector)}).ariaPressed === 'true'")

    def type(self, words: str) -> None:
        """Type into what has the keyboard."""
        QTest.keyClicks(self.glass, words)

    def key(self, key: Qt.Key) -> None:
        """Press a key."""
        QTest.keyClick(self.glass, key)

    async def tab_to(self, key: str) -> None:
        """Go to a button by the Tab key alone."""
        script = "document.activeElement.dataset.key ?? ''"
        await self.until(f"!!document.querySelector('[data-key={key}]')")
        for _ in range(40):
            if await self.ask(script) == key:
                return
            self.key(Qt.Key.Key_Tab)
        raise AssertionError(f"{key} is not reached by Tab")

    @property
    def glass(self) -> QWidget:
        """The widget of the page that pointer and keyboard reach."""
        target = self.view.focusProxy()
        assert target is not None
        return target

    # --------------------------------------------------------------------------------------- what is to be seen

    async def ask(self, script: str) -> Any:
        """What a script on the page returns."""
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.page.runJavaScript(f"JSON.stringify({script})", 0, answer.set_result)
        text = await answer
        return json.loads(text) if text else None

    async def until(self, script: str) -> Any:
        """What a script returns once that is something; asked again at each answer."""
        while not (found := await self.ask(f"({script}) || null")):
            pass
        return found

    async def reads(self, selector: str, words: str = "") -> str:
        """The text of an element, once it is seen and has these words."""
        find = f"document.querySelector({json.dumps(selector)})"
        script = f"{find} && {find}.checkVisibility() && {find}.innerText.includes({json.dumps(words)}) && {find}.innerText"
        return str(await self.until(script))

    async def board(self, met: Any) -> None:
        """Wait until the hub's board is as wanted."""
        ledger = self.hub.hub.ledger
        while not met():
            await ledger.bell.wait()

    @property
    def unit(self) -> Unit:
        """The unit as the hub has it."""
        return self.hub.hub.ledger.state.units[A1]

    @property
    def call(self) -> Call:
        """The call as the hub has it."""
        return self.hub.hub.ledger.state.calls[CALL]

    async def look(self) -> dict[str, Any]:
        """Contrast, sizes and names in both themes and both ways of holding the tablet."""
        found: dict[str, Any] = {}
        for theme in ("day", "night"):
            while await self.ask("document.documentElement.dataset.theme + localStorage['heart.field.theme']") != theme * 2:
                await self.click("#theme")
            for way, size in SIZES.items():
                await self.hold(*size)
                await self.ask("scrollTo(0, 0)")
                found[f"{theme} {way}"] = await self.ask(AUDIT)
        await self.hold(*SIZES["wide"])
        return found

    async def hold(self, width: int, height: int) -> None:
        """Hold the tablet another way, and wait until the page has seen it."""
        self.view.resize(width, height)
        await self.until(f"innerWidth === {width} && innerHeight === {height}")


async def work(visit: Visit, tablet: Tablet) -> dict[str, Any]:
    """A whole assignment, with what may come between."""
    seen: dict[str, Any] = {}
    hub, line = visit.hub, visit.line
    ledger = hub.hub.ledger
    await visit.open("/field")
    await visit.until("document.activeElement.id === 'token'")
    visit.type("nonsense")
    visit.key(Qt.Key.Key_Return)
    seen["wrong token"] = await visit.reads("#sign-in-why", "token")
    seen["look signed out"] = await visit.look()
    await visit.open(f"/field?again#{tablet.token}")
    await visit.reads("#unit", "A1")
    seen["address"] = await visit.ask("location.href.slice(location.origin.length)")
    seen["off shift"] = await visit.reads("#unit", "Off shift")
    await visit.tab_to("available")
    seen["ring"] = await visit.ask("getComputedStyle(document.activeElement).outlineWidth")
    visit.key(Qt.Key.Key_Return)
    await visit.board(lambda: visit.unit.status is UnitStatus.AVAILABLE)
    await visit.reads("#unit", "Available")

    await hub.submit(c.DispatchUnit(A1, CALL, "told to"))
    seen["call"] = await visit.reads("#call", "Crisis")
    seen["announced"] = await visit.ask("document.querySelector('#said').textContent")
    seen["steps"] = await visit.ask("[...document.querySelectorAll('#steps button')].map((b) => b.dataset.key)")
    for step, status in (
        ("acknowledged", UnitStatus.ACKNOWLEDGED), ("en_route", UnitStatus.EN_ROUTE), ("on_scene", UnitStatus.ON_SCENE),
    ):  # fmt: skip
        await visit.click(f"#steps [data-key='{step}'].first")
        await visit.board(lambda status=status: visit.unit.status is status)
        await visit.reads("#unit", {"en_route": "En route"}.get(step, step[0].upper() + step[1:].replace("_", " ")))
    checked = visit.unit.checked_at
    await visit.click("#check button")
    await visit.board(lambda: visit.unit.checked_at != checked)
    await visit.click("#note-words")
    visit.type("he is calm")
    await visit.click("#note button")
    await visit.board(lambda: visit.call.narrative[-1].text == "he is calm")
    seen["narrative"] = await visit.reads("#narrative", "he is calm")
    seen["look on scene"] = await visit.look()
    await share_the_place(visit, seen)
    await be_checked(visit, seen)
    await say_where(visit, seen)
    await ask_backup(visit, seen)
    await lose_the_link(visit, seen)
    await report(visit, seen)
    await be_refused(visit, seen)

    line.cut()
    await visit.reads("#link", "No link")
    await visit.click("[data-key='backup']")
    await visit.until("document.querySelector('[data-key=backup]').dataset.armed === 'ready'")
    await visit.click("[data-key='backup']")
    seen["backup kept"] = await visit.reads("#backup", "radio")
    await visit.click("#steps [data-key='staging']")
    await visit.reads("#kept", "NOT SENT: Staging")
    await visit.click("#kept div:nth-child(2) button")
    await visit.reads("#kept", "Press again to discard")
    await visit.click("#kept div:nth-child(2) button")
    await visit.until("!document.querySelector('#kept').innerText.includes('Staging')")
    seen["look cut"] = await visit.look()
    line.mend()
    await visit.board(lambda: visit.unit.backup is not None)
    seen["backup after"] = await visit.reads("#backup", "not seen yet")

    seen["discarded"] = visit.unit.status.value

    await tablet.revoke()
    await hub.submit(c.AddNarrative(CALL, EntryId("last"), "and so it ends"))
    seen["revoked"] = await visit.reads("#sign-in-why", "taken back")
    seen["hidden"] = not await visit.ask("document.querySelector('#call').checkVisibility()")
    seen["entries"] = [
        (entry.by, type(entry.event).__name__) for entry in await ledger.entries(0) if entry.by == "crew:A1"  # type: ignore[arg-type]
    ]  # fmt: skip
    seen["asked elsewhere"] = sorted(visit.asked - {line.url.removeprefix("http://")})
    seen["console"] = [text for text in visit.console if "Failed to load resource" not in text]
    return seen


async def share_the_place(visit: Visit, seen: dict[str, Any]) -> None:
    """The browser is given a place to tell, which a machine in a rack has not."""
    await visit.ask(
        "(navigator.geolocation.watchPosition = (told) => { told({ timestamp: Date.now(), coords:"
        " { latitude: 36.02, longitude: -78.91, speed: 10, heading: 90 } }); return 1; }, 1)"
    )
    await visit.click("#share")
    await visit.board(lambda: visit.hub.hub.positions.all())
    found = visit.hub.hub.positions.all()[0]
    seen["position"] = [found.unit_id, found.latitude, found.longitude, found.speed_km_h, found.course]
    seen["shared"] = await visit.reads("#share")
    await visit.click("#share")
    await visit.reads("#share", "Share where")


async def be_checked(visit: Visit, seen: dict[str, Any]) -> None:
    """A status check that is due, then one that was missed; the center asks at other times to bring them about."""
    for name, grace_s in (("check due", 3600), ("check missed", 0)):
        await visit.hub.submit(c.ConfigureAgency(replace(AGENCY, checks=CheckRules(minutes=0, grace_s=grace_s))))
        seen[name] = await visit.reads("#check", "◆" if grace_s else "▲")
        checked = visit.unit.checked_at
        await visit.click("#check button")
        await visit.board(lambda checked=checked: visit.unit.checked_at != checked)
    await visit.hub.submit(c.ConfigureAgency(replace(AGENCY, checks=CheckRules(minutes=30))))
    await visit.reads("#check", "next check")


async def say_where(visit: Visit, seen: dict[str, Any]) -> None:
    """Where the unit transports to is asked, with the places the center knows to choose from; one may go back."""
    await visit.click("#steps [data-key='transporting']")
    seen["where"] = await visit.reads("#where", "where?")
    await visit.click("#where-not")
    await visit.click("#steps [data-key='transporting']")
    await visit.click("#where-places button")
    await visit.board(lambda: visit.unit.status is UnitStatus.TRANSPORTING)
    seen["transporting to"] = await visit.reads("#unit", visit.unit.where)
    await visit.click("#steps [data-key='on_scene']")
    await visit.board(lambda: visit.unit.status is UnitStatus.ON_SCENE)
    await visit.reads("#unit", "On scene")


async def ask_backup(visit: Visit, seen: dict[str, Any]) -> None:
    """Pressed once it does nothing and forgets; pressed twice it asks; then how it stands is seen."""
    await visit.ask("scrollTo(0, 0)")
    await visit.click("[data-key='backup']")
    seen["armed"] = await visit.reads("#backup", "PRESS AGAIN")
    await visit.click("[data-key='backup']")
    seen["bounced"] = await visit.ask("document.querySelector('[data-key=backup]').dataset.armed")
    await visit.until("document.querySelector('[data-key=backup]').dataset.armed === 'ready'")
    seen["not asked yet"] = visit.unit.backup is None
    await visit.until("document.querySelector('[data-key=backup]').dataset.armed === ''")
    seen["forgot"] = visit.unit.backup is None
    await visit.click("[data-key='backup']")
    await visit.until("document.querySelector('[data-key=backup]').dataset.armed === 'ready'")
    await visit.click("[data-key='backup']")
    await visit.board(lambda: visit.unit.backup is not None)
    seen["asked"] = await visit.reads("#backup", "not seen yet")
    await visit.hub.submit(c.AcknowledgeBackup(A1))
    seen["seen by"] = await visit.reads("#backup", "seen by")
    await visit.hub.submit(c.SendBackup(A1))
    await visit.reads("#backup", "sent")
    seen["look backup"] = await visit.look()
    await visit.click("[data-key='arrived']")
    await visit.board(lambda: visit.unit.backup is not None and visit.unit.backup.arrived is not None)
    await visit.reads("#backup", "there")
    await visit.hub.submit(c.ClearBackup(A1, "all safe"))
    seen["cleared"] = await visit.reads("#backup", "press twice")


async def lose_the_link(visit: Visit, seen: dict[str, Any]) -> None:
    """What is pressed without a link is kept, shown as not sent, and arrives with its time and in its order."""
    visit.line.cut()
    seen["no link"] = await visit.reads("#alerts", "No link since")
    await visit.click("#steps [data-key='with_neighbor'].first")
    await visit.reads("#kept", "NOT SENT: With neighbor")
    await visit.click("#steps [data-key='clear'].first")
    seen["kept"] = await visit.reads("#kept", "NOT SENT: Clear")
    seen["status while cut"] = await visit.reads("#unit")
    seen["steps while cut"] = await visit.ask("document.querySelector('#steps .first').dataset.key")
    seen["hub while cut"] = visit.unit.status.value
    stored = await visit.ask("JSON.parse(localStorage['heart.field.unsent']).map((one) => [one.words, one.at])")
    seen["stored"] = [words for words, _ in stored]
    mended_at = visit.hub.hub.time.now()
    visit.line.mend()
    await visit.board(lambda: visit.unit.status is UnitStatus.CLEAR)
    part = visit.call.assignments[0]
    seen["cleared before the link was back"] = part.cleared_at is not None and part.cleared_at < mended_at
    await visit.reads("#link", "Linked")
    await visit.until("!document.querySelector('#kept').innerText && !localStorage['heart.field.unsent']")
    seen["alerts after"] = await visit.ask("document.querySelector('#alerts').innerText")


async def report(visit: Visit, seen: dict[str, Any]) -> None:
    """The crew is asked how it was, and its answer is sent once although the answer to it is lost."""
    seen["report"] = await visit.reads("#report", "Could an unarmed team have gone?")
    await visit.click("#report button[type='submit']")
    seen["needed"] = await visit.until("document.querySelector('#said').textContent.includes('first')")
    seen["look report"] = await visit.look()
    await visit.choose("#felt [data-key='yes']")
    await visit.choose("#unarmed [data-key='yes']")
    await visit.click("#report-words")
    visit.type("water and a ride")
    visit.line.lose_answers()
    await visit.click("#report button[type='submit']")
    await visit.board(lambda: visit.call.assignments[0].report is not None)
    said = visit.call.assignments[0].report
    assert said is not None
    seen["reported"] = [said.felt_safe.value, said.unarmed_next_time, said.text]
    await visit.reads("#kept", "NOT SENT: Report")
    visit.line.mend()
    await visit.until("!localStorage['heart.field.unsent'] && !document.querySelector('#report').checkVisibility()")


async def be_refused(visit: Visit, seen: dict[str, Any]) -> None:
    """What can no longer be when it arrives is refused with the hub's own reason, which stays until it was read."""
    visit.line.cut()
    await visit.reads("#link", "No link")
    await visit.click("#steps [data-key='break']")
    await visit.reads("#kept", "NOT SENT: Break")
    await visit.hub.submit(c.DispatchUnit(A1, CALL, "once more"))
    visit.line.mend()
    seen["refused"] = await visit.reads("#kept", "REFUSED: Break")
    seen["assigned again"] = visit.unit.status.value
    await visit.click("#kept button")
    await visit.until("!document.querySelector('#kept').innerText && !localStorage['heart.field.refused']")


async def main(folder: Path) -> dict[str, Any]:
    """A hub, a wire to it, a tablet, and the visit."""
    async with running_hub(folder, agency=replace(AGENCY, checks=CheckRules(minutes=30))) as hub, wire(hub.url) as line:
        await hub.sign_in()
        await hub.submit(receive(callback="919-555-0142", language="es"))
        await hub.submit(c.AddNarrative(CALL, EntryId("n1"), "A man shouts at cars and has not slept for days."))
        await hub.submit(c.RaiseFlag(CALL, "repeat caller"))
        await hub.submit(c.KeepNeighbor(NeighborId("n"), ("919 555 0142",), name="Bo", approach="speak slowly"), "reyes")
        soon = hub.hub.time.now() + timedelta(days=1)
        await hub.submit(c.GiveCaution(NeighborId("n"), CautionId("w"), "A dog in the yard", soon), "reyes")
        tablet = await tablet_of(hub, A1)
        visit = Visit(hub, line)
        async with asyncio.timeout(GIVE_UP_S):  # its traceback says what was waited for in vain
            seen = await work(visit, tablet)
        await visit.leave()
        return seen


if __name__ == "__main__":
    logging.basicConfig(level=logging.ERROR, stream=sys.stderr, format="logged: %(name)s %(message)s")
    expect_web_engine()
    app = QApplication(sys.argv[:1])
    faulthandler.dump_traceback_later(GIVE_UP_S + 30, exit=True)
    app.setQuitOnLastWindowClosed(False)
    loop = qasync.QEventLoop(app)
    with loop:
        found = loop.run_until_complete(main(Path(sys.argv[1])))
    print(json.dumps(found), flush=True)
