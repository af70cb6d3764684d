"""Keeping a neighbor's profile, in place and by keys: a list of what can be done, and a few lines for each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.domain import commands as c
from console.domain.acquaintance import Warned, cautions, cautions_holding, found_by, merged_in
from console.domain.commands import AnyCommand, CommandOutcome, Rejected
from console.domain.ids import CallId, CautionId, NeighborId, UserId
from console.domain.neighbors import Neighbor
from console.domain.queries import person_name
from console.domain.same_place import number_key, number_spoken, place_key
from console.domain.state import Call, SealedKind, State
from console.link.fresh import new_command_id, new_id, new_note_id
from console.ui.choice_panel import ChoicePanel, Do
from console.ui.context import Context
from console.ui.fields_form import Field, FieldsForm
from console.ui.known_neighbor import caution_standing, named
from console.ui.languages import language_code
from console.ui.option import Option, key_of
from console.ui.queue.rows import language
from console.wire.messages import NoteToSeal

CAUTION_DAYS: Final = 90
_LONGEST_DAYS: Final = 3650
_OPEN_TO_ALL: Final = "everybody on the floor reads it"

_FIELDS: Final[dict[str, Callable[[str], Field]]] = {
    "name": partial(Field, "name", "how they like to be called", ""),
    "language": partial(Field, "language", "language", "Spanish, or es"),
    "approach": partial(
        Field, "approach", f"how to speak with them; {_OPEN_TO_ALL}, so no diagnosis", "what calms, what to avoid"
    ),
    "numbers": partial(Field, "numbers", "numbers that find them again; a semicolon between", "919 555 0100; 919 555 0101"),
    "places": partial(Field, "places", "places that find them again; a semicolon between", "100 Main St apt 4"),
}
"""The lines of a profile, each but for what stands in it."""

Take = Callable[[dict[str, str]], object]
"""Gets what was typed, by the fields' names."""


class ProfileEditor(QWidget):
    """Hidden until it is asked for. Half-typed words stay with their neighbor, in memory, until the person leaves."""

    opened = Signal(bool)
    """It asks something now, or nothing any more."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._me = context.me
        self._id = NeighborId("")
        self._call: Call | None = None
        self._step = ""
        self._half: dict[tuple[str, str], dict[str, str]] = {}
        self._new: dict[CallId, NeighborId] = {}
        """The profiles that were begun, by the call that they were begun from."""
        self._untaken: NoteToSeal | None = None
        """A note that the hub may have taken though its answer was lost: sent again it keeps its ids."""
        self.setAccessibleName("Edit the profile of this neighbor")
        self.panel, self.form = ChoicePanel(), FieldsForm()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.panel)
        column.addWidget(self.form)
        self.panel.left.connect(self._show)
        self.form.left.connect(self._left)
        context.store.me_changed.connect(self._person_changed)
        self._show()

    @property
    def neighbor(self) -> Neighbor | None:
        """The profile as it is now; None while it is a new one."""
        return self._context.store.state.neighbors.get(self._id)

    @property
    def is_open(self) -> bool:
        """Whether it asks something now."""
        return self.panel.is_open or not self.form.isHidden()

    def ask(self, neighbor: Neighbor | None, call: Call | None) -> None:
        """List what can be done with a profile; where there is none, begin one with what the call tells."""
        self._call = call
        if neighbor is None:
            if call is not None:
                self._id = self._new.setdefault(call.call_id, NeighborId(new_id()))
                self._write()
            return
        self._id = neighbor.neighbor_id
        doing = (
            ("write", "Name, approach, numbers", ""),
            ("note", "What helped, sealed", ""),
            ("caution", "Give a caution", ""),
            ("end", "End a caution", self._why_not_end(neighbor)),
            ("merge", "Merge with another", ""),
            ("separate", "Separate again", "" if merged_in(self._state, neighbor) else "Nothing was merged into it."),
            ("split", "Split off", self._why_not_split(neighbor)),
        )
        options = tuple(Option(value, words, key_of(place), why_not=why) for place, (value, words, why) in enumerate(doing))
        self._show(opening=True)
        self.panel.ask(named(neighbor), options, self._begin, does="go on", note=None, at_once=True)

    def leave(self) -> None:
        """Close; what was half typed is kept for its neighbor."""
        self.form.leave()
        self.panel.leave()

    # ---------------------------------------------------------------------------------------------- steps

    @property
    def _state(self) -> State:
        return self._context.store.state

    def _begin(self, step: str, note: str) -> None:
        del note
        steps = {
            "write": self._write, "note": self._note, "caution": self._caution, "end": self._end, "merge": self._merge,
            "separate": self._separate, "split": self._split,
        }  # fmt: skip
        steps[step]()

    def _write(self) -> None:
        known = self.neighbor
        title = f"Profile of {named(known)}" if known else "A new profile"
        self._ask("write", title, tuple(_FIELDS[name](text) for name, text in self._values().items()), self._keep, "keep it")

    def _values(self) -> dict[str, str]:
        """What the lines of a profile say as it is now; of a new one, what its call tells."""
        known, call = self.neighbor, self._call
        if known is not None:
            name, spoken, approach = known.name, known.language, known.approach
            numbers, places = known.numbers, known.places
        else:
            name, spoken, approach = "", call.language if call is not None else "", ""
            numbers = (number_key(call.callback),) if call is not None and number_key(call.callback) else ()
            places = (call.place.address,) if call is not None and call.place.address else ()
        return {
            "name": name,
            "language": language(spoken) if spoken else "",
            "approach": approach,
            "numbers": "; ".join(number_spoken(number) for number in numbers),
            "places": "; ".join(places),
        }

    def _keep(self, typed: dict[str, str]) -> None:
        """Keep what was changed here; what was not changed here stays as somebody else may have written it meanwhile."""
        now, began = self._values(), self.form.began
        mine = {name for name in typed if typed[name] != began[name]}
        clash = next((name for name in sorted(mine) if now[name] not in (began[name], typed[name])), "")
        if clash and self.neighbor is not None:
            by, words = person_name(self._state, self.neighbor.kept.by), now[clash] or "nothing"
            self.form.refuse(f"{by} changed the {clash} meanwhile to “{words}”. Enter again keeps yours.")
            began[clash] = now[clash]
            return
        wanted = {name: typed[name] if name in mine else now[name] for name in typed}
        spoken = language_code(wanted["language"])
        if spoken is None:
            self.form.refuse(f"“{wanted['language']}” is no language that is known here. Write its English name or code.")
            return
        numbers, places = _parts(wanted["numbers"]), _parts(wanted["places"])
        wrong = [number for number in numbers if not number_key(number)]
        if wrong:
            self.form.refuse(f"“{wrong[0]}” has no digits; it is no number.")
            return
        self._send(c.KeepNeighbor(self._id, numbers, places, wanted["name"], spoken, wanted["approach"]))

    def _note(self) -> None:
        words = "what helped, what was tried; sealed: clinicians alone open it"
        self._ask("note", "What helped", (Field("text", words, sealed=True),), self._seal, "seal it")

    def _seal(self, typed: dict[str, str]) -> None:
        if not typed["text"]:
            self.form.refuse("Nothing is written yet.")
            return
        note = self._untaken
        if note is None or (note.subject, note.text) != (self._id, typed["text"]):
            note = NoteToSeal(new_command_id(), self._id, new_note_id(), typed["text"], SealedKind.PROFILE)
        self._untaken = note
        self._context.sealing.seal(note, partial(self._heard_sealed, self._me, self._id))

    def _heard_sealed(self, me: UserId, neighbor_id: NeighborId, outcome: CommandOutcome) -> None:
        if me != self._me:
            return
        if not isinstance(outcome, Rejected):
            self._untaken = None
            self._half.pop((neighbor_id, "note"), None)
        self._heard(neighbor_id, "note", "It is not sealed; its words are on this screen only. Enter tries again.", outcome)

    def _caution(self) -> None:
        fields = (
            Field("text", f"the caution; {_OPEN_TO_ALL}", "a dog at the door"),
            Field("days", "holds for so many days", "", str(CAUTION_DAYS)),
        )
        self._ask("caution", "Give a caution", fields, self._give, "give it")

    def _give(self, typed: dict[str, str]) -> None:
        days = int(typed["days"]) if typed["days"].isdecimal() and len(typed["days"]) <= 4 else 0
        if not 0 < days <= _LONGEST_DAYS:
            self.form.refuse(f"“{typed['days']}” is no number of days from 1 to {_LONGEST_DAYS}.")
            return
        expires = self._context.store.now() + timedelta(days=days)
        self._send(c.GiveCaution(self._id, CautionId(new_id()), typed["text"], expires))

    def _why_not_end(self, neighbor: Neighbor) -> str:
        return "" if cautions_holding(self._state, neighbor, self._context.store.now()) else "No caution holds."

    def _end(self) -> None:
        """All that were ever given are listed; those that hold no more say why, greyed."""
        neighbor, now = self.neighbor, self._context.store.now()
        if neighbor is None:
            return
        listed = cautions(self._state, neighbor)
        whose = {one.caution_id: one.neighbor_id for one in listed}

        def option(place: int, one: Warned) -> Option:
            standing = caution_standing(self._state, one.caution, now)
            detail, why_not = (standing, "") if one.caution.holds(now) else ("", standing)
            return Option(one.caution_id, one.caution.text, key_of(place), detail, needs_note=True, why_not=why_not)

        options = tuple(option(place, one) for place, one in enumerate(listed))

        def end(caution_id: str, reason: str) -> None:
            self._send(c.EndCaution(whose[CautionId(caution_id)], CautionId(caution_id), reason))

        self._choose("Which caution holds no more?", options, end, "end it", "why it holds no more")

    def _merge(self) -> None:
        field = Field("words", "whose profile is it? a name, a number or a place", "Ana, 919 555 0100")
        self._ask("merge", "Merge with another profile", (field,), self._find, "look")

    def _find(self, typed: dict[str, str]) -> None:
        found = found_by(self._state, typed["words"], self._id)
        if not found:
            self.form.refuse("No other profile has that name, number or place.")
            return
        options = tuple(
            Option(one.neighbor_id, named(one), key_of(place), self._found_words(one)) for place, one in enumerate(found)
        )
        into = self._id

        def merge(merged: str, note: str) -> None:
            del note
            self._send(c.MergeNeighbors(into, NeighborId(merged)))

        self.form.leave()
        self._choose("Which one is the same person? It can be separated again.", options, merge, "merge", None)

    def _found_words(self, one: Neighbor) -> str:
        return " · ".join((*(number_spoken(number) for number in one.numbers), *one.places, one.approach)).strip(" ·")

    def _separate(self) -> None:
        if self.neighbor is None:
            return
        merged = merged_in(self._state, self.neighbor)
        options = tuple(
            Option(one.neighbor_id, named(one), key_of(place), self._found_words(one)) for place, one in enumerate(merged)
        )

        def separate(merged_id: str, note: str) -> None:
            del note
            self._send(c.SeparateNeighbors(NeighborId(merged_id)))

        self._choose("Which one is somebody else after all?", options, separate, "separate", None)

    def _why_not_split(self, neighbor: Neighbor) -> str:
        many = len(neighbor.numbers) + len(neighbor.places) > 1
        return "" if many else "It has one number or place only; something must stay."

    def _split(self) -> None:
        known = self.neighbor
        if known is None:
            return
        listed = "; ".join((*(number_spoken(number) for number in known.numbers), *known.places))
        field = Field("what", f"leave standing what is somebody else's: {listed}", text=listed)
        self._ask("split", "Split off numbers and places", (field,), self._split_off, "make another profile of it")

    def _split_off(self, typed: dict[str, str]) -> None:
        known = self.neighbor
        if known is None:
            return
        numbers, places = [], []
        for part in _parts(typed["what"]):
            if number_key(part) in known.numbers:
                numbers.append(part)
            elif place_key(part) in known.places:
                places.append(part)
            else:
                self.form.refuse(f"“{part}” is no number or place of this profile.")
                return
        self._send(c.SplitNeighbor(self._id, NeighborId(new_id()), tuple(numbers), tuple(places)))

    # ---------------------------------------------------------------------------------------------- asking and sending

    def _ask(self, step: str, title: str, fields: tuple[Field, ...], do: Take, does: str) -> None:
        """Show some lines; what was half typed in them for this neighbor stands there again."""
        self._step = step
        half = self._half.get((self._id, step), {})
        self._show(opening=True)
        self.form.ask(
            title,
            fields,
            do,
            does,
            half,
        )

    def _choose(self, title: str, options: tuple[Option, ...], do: Do, does: str, note: str | None) -> None:
        self._step = "choose"
        self._show(opening=True)
        self.panel.ask(title, options, do, does=does, note=note)

    def _send(self, command: AnyCommand) -> None:
        self._context.store.submit(command).then(partial(self._heard, self._id, self._step, ""))

    def _heard(self, neighbor_id: NeighborId, step: str, besides: str, outcome: CommandOutcome) -> None:
        """What was taken closes the lines and forgets them; a refusal stands beside them."""
        here = (neighbor_id, step) == (self._id, self._step) and self.is_open
        if isinstance(outcome, Rejected):
            words = f"{outcome.reason} {besides}".strip()
            if not here:
                self._context.notices.refuse(words)
            elif self.panel.is_open:
                self.panel.refuse(words)
            else:
                self.form.refuse(words)
            return
        if here:
            self._step = ""  # nothing half typed is left of it
            self.leave()
        self._half.pop((neighbor_id, step), None)

    def _left(self) -> None:
        if self._step:
            typed, began = self.form.values, self.form.began
            self._half[(self._id, self._step)] = {name: typed[name] for name in typed if typed[name] != began[name]}
        self._show()

    def _show(self, *, opening: bool = False) -> None:
        self.setVisible(opening or self.is_open)
        self.opened.emit(opening or self.is_open)

    def _person_changed(self) -> None:
        """Whoever comes finds nothing of who left."""
        if self._context.me != self._me:
            self._step = ""
            self.leave()
            self._me, self._untaken = self._context.me, None
            self._half.clear()
            self._new.clear()


def _parts(words: str) -> tuple[str, ...]:
    """What stands between semicolons."""
    return tuple(part for part in (part.strip() for part in words.split(";")) if part)
