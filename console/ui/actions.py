"""The one table of what a person can do by key, and how keys and buttons are made from it.

A row says what a key does; the pane that can do it binds it: `context.actions.bind("call.hand_off", self, self.hand_off)`.
Two rows may share a key only where their scopes are never on screen, or in focus, together: a test holds that.
A programme's name never stands here: a pane gives its button the words (`button.say("Dispatch CRT2 · 4 min away")`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from msgspec import Struct
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from console.ui.action_button import ActionButton


class Scope(Struct, frozen=True):
    """Where a key counts: `within` names the scopes it lies in, `focus` asks that its pane has the keyboard."""

    title: str
    within: tuple[str, ...] = ()
    focus: bool = False


SCOPES: Final[dict[str, Scope]] = {
    "everywhere": Scope("Everywhere"),
    "dispatch": Scope("Dispatch workspace", ("everywhere",)),
    "clinician": Scope("Clinician workspace", ("everywhere",)),
    "supervisor": Scope("Supervisor workspace", ("everywhere",)),
    "triage": Scope("While the questions have the keyboard", ("dispatch", "clinician"), focus=True),
    "screener": Scope("While the screener has the keyboard", ("clinician",), focus=True),
    "queue": Scope("While a list of calls has the keyboard", ("dispatch", "clinician"), focus=True),
    "units": Scope("While the units have the keyboard", ("dispatch", "supervisor"), focus=True),
    "map": Scope("While the map is on screen", ("dispatch", "supervisor")),
    "map_keys": Scope("While the map has the keyboard", ("dispatch", "supervisor"), focus=True),
    "choices": Scope("While a list of reasons asks", ("dispatch", "clinician", "supervisor"), focus=True),
    "natures": Scope("While natures are listed under a line", ("dispatch", "clinician", "supervisor"), focus=True),
    "commands": Scope("On the command line", ("dispatch", "clinician", "supervisor"), focus=True),
}


class Action(Struct, frozen=True):
    """One row: `text` stands on the button until a pane says something better, `help` is a sentence in F1's list.

    Several keys do the same, unless the row is `each`: then the first key means place 0, the second place 1, and so on.
    `native` keys are the widget's own (arrows in a list) and stand here so that F1 can show them.
    """

    id: str
    text: str
    keys: tuple[str, ...]
    scope: str
    help: str
    each: bool = False
    native: bool = False


_TABLE: Final[dict[str, tuple[tuple[str, str, str, str], ...]]] = {
    "everywhere": (
        ("workspace.dispatch", "Dispatch", "Ctrl+1", "Show the dispatch workspace."),
        ("workspace.clinician", "Clinician", "Ctrl+2", "Show the clinician workspace."),
        ("workspace.supervisor", "Supervisor", "Ctrl+3", "Show the supervisor workspace."),
        ("help", "Help", "F1", "Show every key, with what it does."),
        ("command_line", "Command line", "/ Ctrl+Space", "Type a command; it says first what Enter will do."),
        ("backup.send", "Send the backup", "F12", "Send the backup that a unit asked for."),
        ("backup.acknowledge", "Acknowledge", "Ctrl+K", "Say that the request for backup was heard; it stays on screen."),
        ("backup.arrived", "It is there", "Shift+F12", "Say that the backup which was sent is with the unit."),
        ("backup.over", "Safe again…", "Ctrl+F12", "End the request for backup on top, with how the unit is safe again."),
        ("unit.backup", "Request backup", "Ctrl+Shift+B", "Ask for backup for the chosen unit, or its call's; press twice."),
        ("turn.tell", "Told", "F11", "Tick the next who has been told that the response to a call turned out wrong."),
        ("turn.open", "Open the call", "F5", "Show the call whose response turned; pressed again, the next such call."),
        ("turn.instead", "Send instead…", "F10", "List what was proposed in place of a response that turned, to send it."),
        ("turn.recall", "Recall the unit", "Ctrl+F10", "Call back the unit whose response turned, until it has arrived."),
        ("turn.not_needed", "Not needed…", "Ctrl+F11", "Say why nothing is sent in place of a response that turned."),
        ("call.next", "Next call", "Alt+Down", "Choose the next call of the list."),
        ("call.previous", "Previous call", "Alt+Up", "Choose the previous call of the list."),
        ("call.narrative", "Add to the narrative", "Ctrl+N", "Write an entry in the chosen call's narrative."),
        ("call.fact", "Set a fact by hand…", "Ctrl+Shift+F", "Tell a fact of the chosen call outside the questions."),
        ("hand_off.accept", "Accept", "F2", "Take the caller that is being handed to you."),
        ("hand_off.decline", "Decline…", "F3", "Decline the hand-off, with a reason."),
        ("hand_off.told", "Caller told", "Shift+F6", "Say that the caller was told who takes over."),
        ("call.message", "Message", "Ctrl+M", "Write to those who hand the chosen call's caller over, or have them."),
        ("call.take_over", "Take over…", "Ctrl+Shift+Y", "Have the caller in place of whoever has them, with a reason."),
        ("hand_off.verify", "Both hear each other", "Shift+F7", "Say that caller and clinician hear each other."),
        ("hand_off.caller_lost", "Caller lost", "Shift+F9", "The caller is gone from the line: a call back is due at once."),
        ("call.call_back", "Call back…", "Ctrl+Shift+P", "Plan when the caller of the chosen call is called back, and why."),
        ("call.refer", "Refer for follow-up", "Ctrl+Shift+I", "Refer the neighbor of the chosen call, with what they need."),
        ("focus.queue", "Go to the calls", "Alt+1", "Put the keyboard on the list of calls."),
        ("focus.units", "Go to the units", "Alt+2", "Put the keyboard on the units."),
        ("focus.triage", "Go to the questions", "Alt+3", "Put the keyboard on the questions, where a digit answers."),
        ("focus.follow_ups", "Go to the follow-ups", "Alt+4", "Put the keyboard on the neighbors who are owed a contact."),
        ("notice.open", "Open", "Ctrl+O", "Show the call that the newest notice is about, and take its notices away."),
        ("notice.dismiss", "Dismiss", "Ctrl+D", "Take the newest notice away."),
        ("look.theme", "Dark or light", "Ctrl+T", "Change between the dark and the light theme."),
        ("look.larger", "Larger", "Ctrl++ Ctrl+=", "Make everything larger, up to 200 %."),
        ("look.smaller", "Smaller", "Ctrl+-", "Make everything smaller, down to 100 %."),
        ("layout.unlock", "Move the panes", "Ctrl+Shift+L", "Give the panes title bars, to move them."),
        ("layout.reset", "Panes as they were", "Ctrl+Shift+0", "Put every pane of this workspace back."),
        ("exercise.faster", "Faster", "Ctrl+.", "Let the exercise run faster."),
        ("exercise.slower", "Slower", "Ctrl+,", "Let the exercise run slower."),
        ("desk.sign_out", "Sign out", "Ctrl+Shift+Q", "Sign out; the desk stays open."),
        ("desk.quit", "Quit", "Ctrl+Q", "Close the desk."),
    ),
    "dispatch": (
        ("call.new", "New call…", "Ctrl+Shift+N", "Take a call by hand: type what, where, the number and who called."),
        ("call.close", "Close the call…", "F4", "Close the chosen call: with how it ended, or why it was missed."),
        ("unit.dispatch", "Dispatch", "F6", "Send the proposed unit to the chosen call."),
        ("unit.dispatch_to", "Dispatch…", "Ctrl+G", "Choose the unit for the chosen call; say why another, exchange two."),
        ("call.hand_off", "Hand off", "F7", "Offer the chosen caller; once a clinician has accepted, release them."),
        ("call.hand_off_to", "Hand off to…", "Ctrl+F7", "Choose who is rung; say what you ask and what was promised."),
        ("call.other_service", "Other service", "F8", "Ask another service to the chosen call, with the reason."),
        ("call.withdraw", "Take the offer back", "F9", "Take back a caller who is not released yet, or leave the queue."),
        ("ask.answer", "Answer what is asked…", "Ctrl+F6", "Send what a clinician asks for, or decline it with a reason."),
        ("threat.acknowledge", "Read, and passed on", "Ctrl+F8", "Say that a disclosed threat was read and is passed on."),
        ("call.nature", "Change the nature…", "Ctrl+R", "Give the chosen call another nature."),
        ("call.priority", "Change the priority…", "Ctrl+P", "Give the chosen call another priority."),
        ("unit.status", "Status…", "Ctrl+J", "Give the chosen unit a status that may follow, also since earlier."),
        ("unit.correct", "Correct status…", "Ctrl+Shift+J", "Put right a status that was set by mistake; what stood stays."),
        ("unit.history", "About the unit…", "Ctrl+I", "Its check, intervals and times; a wrong time can be put right."),
        ("unit.acknowledged", "Acknowledged", "Ctrl+Shift+K", "The chosen unit has heard its call."),
        ("unit.en_route", "En route", "Ctrl+Shift+E", "The chosen unit is on its way."),
        ("unit.on_scene", "On scene", "Ctrl+Shift+S", "The chosen unit has arrived."),
        ("unit.transporting", "Transporting", "Ctrl+Shift+T", "The chosen unit takes the neighbor somewhere."),
        ("unit.available", "Available", "Ctrl+Shift+A", "The chosen unit is free for a call."),
        ("unit.recall", "Recall…", "Ctrl+Shift+R", "Take the chosen unit off its call, with a reason."),
        ("unit.checked", "Unit is safe", "Ctrl+Shift+C", "The chosen unit answered its status check."),
        ("unit.assist", "Assist…", "Ctrl+Shift+H", "The chosen unit helps somebody it met; say where. It stays free."),
        ("unit.clear_backup", "Safe again…", "Ctrl+Shift+X", "End the chosen unit's request for backup, with how it ended."),
    ),
    "triage": (
        ("triage.answer", "Answer", "1 2 3 4 5 6 7 8 9", "Give the answer of that number to the question."),
        ("triage.take_back", "Take the answer back", "Backspace", "Take the last answer, or the one looked at, back."),
        ("triage.earlier", "An earlier answer", "Up", "Look at an earlier answer: whose it is; a digit changes it."),
        ("triage.later", "A later answer", "Down", "Look at the answer after it; after the last comes the open question."),
        ("triage.scroll", "Further down", "PgDown PgUp", "See what does not fit: answers, response, verdicts."),
        ("triage.open", "The open question", "Escape", "Leave the earlier answer as it is."),
    ),
    "screener": (
        ("screener.answer", "Answer", "1 2 3 4 5 6 7 8 9", "Give the answer of that number; it is sealed at once."),
        ("screener.take_back", "Take the answer back", "Backspace", "Take the last answer of the screener back."),
        ("screener.seal", "Seal again", "Return", "Have the answers sealed that the hub has not taken."),
    ),
    "queue": (
        ("queue.move", "Up and down", "Up Down", "Choose the call above or below."),
    ),
    "units": (
        ("units.move", "Up and down", "Up Down", "Choose the unit above or below."),
        ("units.by_check", "Next checks first", "Alt+K", "Order the units by their next status check, or as usual again."),
    ),
    "map": (
        ("map.fit", "Fit", "Ctrl+0", "Show the whole area again."),
        ("map.follow", "Follow the call", "Ctrl+9", "Keep the chosen call in the middle of the map."),
        ("map.units", "Units", "Alt+U", "Show or hide the units."),
        ("map.calls", "Calls", "Alt+C", "Show or hide the calls."),
        ("map.areas", "Areas", "Alt+A", "Show or hide the service areas."),
        ("map.coverage", "Coverage", "Alt+V", "Show or hide the ground that free units reach in 5, 10 and 15 minutes."),
        ("map.layers", "Layers", "Alt+Y", "Show the next kind of the center's own layers: beats, districts, all, none."),
        ("map.trail", "Trail", "Alt+L", "Show where the chosen unit was in the last half hour, or the closed call's unit."),
        ("map.follow_unit", "Follow the unit", "Ctrl+8", "Keep the chosen unit in the middle of the map."),
        ("map.place", "Set the place…", "Alt+G", "Give the chosen call its place: a click or the cross, then Enter."),
        ("focus.map", "Go to the map", "Alt+5", "Put the keyboard on the map, where arrows move it and N goes on."),
    ),
    "map_keys": (
        ("map.pan", "Move the map", "Left Right Up Down", "Move the map; it stays where you leave it."),
        ("map.zoom", "Closer, farther", "+ -", "See less of the city, larger, or more of it."),
        ("map.rove", "Next, previous", "N P", "Go to the next symbol on the map, or the one before; it is said."),
        ("map.choose", "Choose it", "Return", "Choose the unit or call that the keyboard is on, or confirm a place."),
        ("map.leave", "Leave it", "Escape", "Leave the symbol, or the place that was being set."),
    ),
    "clinician": (
        ("care.resolve", "Resolved by phone", "F4", "Close the call in your care as resolved by phone."),
        ("care.close", "Close otherwise…", "Shift+F4", "Close the call in your care with another outcome."),
        ("care.ask", "Ask dispatch for", "F6 F7 F8 Ctrl+F6 Ctrl+F7 Ctrl+F8",
         "Ask dispatch to send that programme or service to your caller; pressed twice while it is asked, take it back."),
        ("care.return", "Back to dispatch…", "F9", "Give the caller back to the telecommunicator, with a reason."),
        ("care.hand_on", "Hand on…", "Shift+F8", "Hand your caller on to another clinician, then release them."),
        ("care.take_waiting", "Take the caller who waits", "Shift+F2", "Take the chosen caller of the queue, or the first."),
        ("call_back.reached", "Reached", "Alt+R", "The chosen call back reached them; it is done."),
        ("call_back.not_reached", "Not reached", "Alt+N", "The chosen call back reached nobody; it stays due."),
        ("call_back.end", "No further call…", "Alt+X", "End the chosen call back, with the reason in its note."),
        ("note.disclose", "Imminent threat…", "Ctrl+Shift+M", "Tell a service of an imminent threat, outside the notes."),
        ("screener.open", "Screener", "Ctrl+Shift+U", "Put the keyboard on the screener of the caller's risk."),
        ("screener.tell", "Tell dispatch the level", "Ctrl+Shift+D", "Tell the floor the level and no answer; press twice."),
        ("note.write", "Write a clinical note", "Ctrl+Shift+N", "Write a sealed note: clinicians alone can open it."),
        ("note.open", "Open the note", "Ctrl+Shift+O", "Open the chosen sealed note (it is written down), or close it."),
        ("note.release", "Release to the floor", "Ctrl+Shift+G", "Put the selected words into the narrative; press twice."),
        ("neighbor.profile", "This neighbor…", "Ctrl+Shift+J", "Keep the profile of the neighbor; pressed again, leave it."),
        ("neighbor.helped", "Open what helped", "Ctrl+Shift+W", "Open the sealed notes of what helped, the newest first."),
        ("follow_up.take", "Take it", "Alt+T", "Look after the chosen follow-up from here on."),
        ("follow_up.try", "Record a contact…", "Alt+O", "Say how the neighbor was reached, or was not; warns of others."),
        ("follow_up.connect", "Connected to care", "Alt+K", "The neighbor is connected to care; press twice."),
        ("follow_up.end", "Goes no further…", "Alt+Z", "End the chosen follow-up, with the reason."),
        ("follow_up.needs", "Open the needs", "Alt+E", "Open what the neighbor needs (it is written down), or close it."),
        ("presence.ready", "Ready", "Ctrl+Alt+1", "You can take a caller."),
        ("presence.wrap_up", "Wrap-up", "Ctrl+Alt+2", "You are finishing the last call."),
        ("presence.away", "Away…", "Ctrl+Alt+3", "You are not at the desk; say why."),
    ),
    "choices": (
        ("choices.choose", "Choose", "1 2 3 4 5 6 7 8 9", "Choose what has that key; letters go on where the digits end."),
        ("choices.nature", "Close as another nature", "+", "Close the call as the nature that its answers speak for."),
        ("choices.leave", "Leave it", "Escape", "Choose nothing; nothing is done."),
    ),
    "natures": (
        ("natures.move", "Select a nature", "Up Down", "Select the nature before or after in the list under the line."),
        ("natures.take", "Take the nature", "Return", "Take the nature that is selected in the list."),
        ("natures.leave", "Close the list", "Escape", "Close the list of natures; what is typed stays."),
    ),
    "commands": (
        ("commands.run", "Run the command", "Return", "Do what the preview says."),
        ("commands.leave", "Leave the command line", "Escape", "Go back to where you were; nothing is done."),
    ),
}  # fmt: skip
"""By scope: id, words, keys (a space between two), help."""

_EACH: Final = {"triage.answer", "screener.answer", "choices.choose", "care.ask"}
_NATIVE: Final = {"map.pan", "map.zoom", "map.rove", "map.choose", "map.leave",
                  "triage.scroll", "queue.move", "units.move", "commands.run", "choices.choose", "choices.leave",
                  "choices.nature", "natures.move", "natures.take", "natures.leave"}  # fmt: skip

ACTIONS: Final[tuple[Action, ...]] = tuple(
    Action(id, text, tuple(keys.split()), scope, help, id in _EACH, id in _NATIVE)
    for scope, rows in _TABLE.items()
    for id, text, keys, help in rows
)

BY_ID: Final[dict[str, Action]] = {action.id: action for action in ACTIONS}


def action(action_id: str) -> Action:
    """The row of that id; KeyError names an id that is not in the table."""
    return BY_ID[action_id]


def key_words(key: str) -> str:
    """A key as its cap shows it: "Ctrl 1", "F12"."""
    parts = key.split("+")
    return " ".join([*parts[:-2], "+"] if key.endswith("++") else parts)


def action_button(action_id: str, text: str = "", role: str = "action") -> ActionButton:
    """A button that draws the key of its action; `text` replaces the table's words. It is bound by `Keys.button`."""
    row = action(action_id)
    return ActionButton(text or row.text, key_words(row.keys[0]), role)


class Keys(QObject):
    """Binds the keys of the table. A key lives as long as its owner, and counts only while the owner is on screen."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.bound: set[str] = set()
        """Ids of the actions that somebody has bound: a test compares them with the table."""

    def bind(self, action_id: str, owner: QWidget, do: Callable[[], object]) -> None:
        """Let the keys of an action call `do`; where its scope asks for focus, only while `owner` has the keyboard."""
        for shortcut in self._shortcuts(action_id, owner):
            shortcut.activated.connect(lambda: do())

    def bind_each(self, action_id: str, owner: QWidget, do: Callable[[int], object]) -> None:
        """Let the keys of an `each` action call `do` with the place of the key that was pressed, from 0."""
        for place, shortcut in enumerate(self._shortcuts(action_id, owner)):
            shortcut.activated.connect(lambda place=place: do(place))

    def button(
        self,
        action_id: str,
        owner: QWidget,
        do: Callable[[], object],
        text: str = "",
        role: str = "action",
        confirm: str = "",
    ) -> ActionButton:
        """A button and its keys in one: both call `do`, both only while the button is on screen and enabled.

        With `confirm` (words such as "Press again to send") the first press only asks; the second, within 5 s, does it.
        """
        made = action_button(action_id, text, role)
        made.confirm = confirm
        made.acted.connect(lambda: do())
        self.bind(action_id, owner if SCOPES[action(action_id).scope].focus else made, made.click)
        return made

    def _shortcuts(self, action_id: str, owner: QWidget) -> list[QShortcut]:
        row = action(action_id)
        focus = SCOPES[row.scope].focus
        context = Qt.ShortcutContext.WidgetWithChildrenShortcut if focus else Qt.ShortcutContext.WindowShortcut
        made = []
        for key in row.keys:
            shortcut = QShortcut(QKeySequence(key), owner)
            shortcut.setContext(context)
            shortcut.setAutoRepeat(False)
            made.append(shortcut)
        self.bound.add(action_id)
        return made
