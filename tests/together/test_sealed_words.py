"""A sentence planted in a clinical note, and then looked for in every byte that others get and that lies on a disk."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from console.domain import commands as c
from console.domain.commands import Accepted
from console.domain.ids import HandOffId, NeighborId, ReferralId, UserId
from console.domain.state import Role, SealedKind
from console.hub import sealed
from console.hub.center_key import SealingKey, new_key_bytes
from console.link.fresh import new_command_id, new_entry_id, new_note_id
from console.link.problems import Refused
from console.wire import codec
from console.wire.messages import NoteOpened, NoteToSeal
from tests.support.desk import desk
from tests.support.hub import running_hub
from tests.support.loop import runs
from tests.support.scenes import CALL, receive

PLANTED = "the quiet heron counted eleven red bicycles"
NEIGHBOR, REFERRAL = NeighborId("n-ana"), ReferralId("r1")
TOLD = "sister Ana is with him until three"


def forms(words: str) -> tuple[bytes, ...]:
    """The words as they could stand in a file: as the wire and SQLite write them, and as Qt holds them."""
    return words.encode(), words.encode("utf-16-le")


def holding(words: str, places: dict[str, bytes]) -> set[str]:
    return {name for name, content in places.items() if any(form in content for form in forms(words))}


def on_disk(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@runs
async def test_given_a_planted_sentence_in_a_clinical_note_then_no_byte_of_anothers_desk_and_no_file_holds_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    (tmp_path / "hub").mkdir()
    places: dict[str, bytes] = {}
    async with (
        running_hub(tmp_path / "hub", center_key=SealingKey(new_key_bytes())) as hub,
        desk(hub.url, tmp_path / "clinician", "reyes") as clinician,
        desk(hub.url, tmp_path / "dispatch", "okafor") as dispatch,
    ):
        await clinician.live()
        await dispatch.live()
        taken, passed = dispatch.connection.submit, clinician.connection.submit
        assert isinstance(await taken(receive(CALL, callback="919 555 0100")), Accepted)
        assert isinstance(await taken(c.OfferHandOff(CALL, HandOffId("h1"), UserId("reyes"))), Accepted)
        assert isinstance(await passed(c.AcceptHandOff(CALL, HandOffId("h1"))), Accepted)
        for step in (c.TellCaller, c.VerifyConnection, c.ReleaseHandOff):
            assert isinstance(await taken(step(CALL, HandOffId("h1"))), Accepted)
        assert isinstance(await passed(c.AddNarrative(CALL, new_entry_id(), TOLD)), Accepted)

        assert isinstance(await passed(c.KeepNeighbor(NEIGHBOR, ("919 555 0100",), (), "Ana")), Accepted)
        assert isinstance(await passed(c.ReferNeighbor(REFERRAL, CALL)), Accepted)
        for kind, subject in (
            (SealedKind.SCREENER, CALL), (SealedKind.PROFILE, NEIGHBOR), (SealedKind.NEEDS, REFERRAL),
        ):  # fmt: skip
            other = NoteToSeal(new_command_id(), subject, new_note_id(), f"{kind}: {PLANTED}", kind)
            assert isinstance(await clinician.client.seal_note(other), Accepted)
        note = NoteToSeal(new_command_id(), CALL, new_note_id(), PLANTED)
        assert await clinician.client.seal_note(note) == await clinician.client.seal_note(note)
        assert await clinician.client.open_note(note.note_id) == NoteOpened(note.note_id, PLANTED)
        with pytest.raises(Refused, match="neither writes nor opens"):
            await dispatch.client.open_note(note.note_id, "I would like to know")
        assert isinstance(await passed(c.CloseCall(CALL, outcome="by_phone")), Accepted)

        head = hub.hub.ledger.head
        await dispatch.until(lambda: dispatch.connection.seq >= head)
        places["what another's desk holds"] = codec.encode(dispatch.state)
        query, streamed = {"log": hub.hub.ledger.log_id, "after": "0"}, b""
        async with hub.client.stream("GET", "/v1/stream", params=query, headers=await hub.bearer()) as response:
            async for chunk in response.aiter_bytes():
                streamed += chunk
                if b"id: %d\n" % hub.hub.ledger.head in streamed:
                    break
        places["stream"] = streamed
        places["snapshot"] = (await hub.get("/v1/snapshot")).content
        contacts = await hub.get("/v1/contacts?callback=919%20555%200100")
        assert contacts.status_code == 200
        places["contacts"] = contacts.content
        places["a supervisor's snapshot"] = (await hub.get("/v1/snapshot", Role.SUPERVISOR)).content
        places |= on_disk(tmp_path)
        audit = [(a.user_id, a.opened) for a in await hub.hub.store.read(sealed.accesses)]
    places |= {f"{name} after the end": content for name, content in on_disk(tmp_path).items()}
    places["log"] = caplog.text.encode()

    assert audit == [("reyes", True), ("okafor", False)]
    assert holding(PLANTED, places) == set()
    told = holding(TOLD, places)
    assert {"what another's desk holds", "stream", "snapshot"} <= told, "the search finds what is there"
    assert any(name.endswith("hub.sqlite after the end") for name in told)
    assert any(note.note_id.encode() in content for content in places.values()), "that there is a note is known"
