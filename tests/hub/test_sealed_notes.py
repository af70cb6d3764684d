"""Sealed notes at the hub: who may, what is written down, what lies on the disk, and what becomes of it under new keys."""

from __future__ import annotations

import argparse
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from console.domain import commands as c
from console.domain.ids import CallId, CommandId, HandOffId, NeighborId, NoteId, ReferralId, UserId
from console.domain.state import Role, SealedKind
from console.hub import sealed, serve
from console.hub.center_key import KeyUnusable, SealingKey, apart, load, make, new_key_bytes
from console.hub.serve import CannotStart
from console.hub.store import write_once
from console.wire import codec
from console.wire.messages import NoteOpened, NoteToSeal, NoteWanted, Problem
from tests.support.hub import RunningHub, running_hub, store_url
from tests.support.loop import runs
from tests.support.scenes import CALL, receive

WORDS = "Talked through the night he had; agrees to keep the pills with his sister."
NOTE = NoteId("note-1")
CENTER = SealingKey(new_key_bytes())
NOW = datetime(2026, 5, 4, 18, 30, tzinfo=UTC)


def to_seal(words: str = WORDS, note_id: NoteId = NOTE, command_id: str = "seal-1", call_id: CallId = CALL) -> NoteToSeal:
    return NoteToSeal(CommandId(command_id), call_id, note_id, words)


async def in_care(hub: RunningHub) -> None:
    """A call in the care of the clinician who is at work."""
    await hub.sign_in(Role.CLINICIAN)
    for command, role in (
        (receive(CALL), Role.TELECOMMUNICATOR),
        (c.OfferHandOff(CALL, HandOffId("h1"), UserId("reyes")), Role.TELECOMMUNICATOR),
        (c.AcceptHandOff(CALL, HandOffId("h1")), Role.CLINICIAN),
        (c.TellCaller(CALL, HandOffId("h1")), Role.TELECOMMUNICATOR),
        (c.VerifyConnection(CALL, HandOffId("h1")), Role.TELECOMMUNICATOR),
        (c.ReleaseHandOff(CALL, HandOffId("h1")), Role.TELECOMMUNICATOR),
    ):
        assert (await hub.order(command, role)).status_code == 200


async def opening(hub: RunningHub, role: Role = Role.CLINICIAN, reason: str = "", note_id: str = NOTE) -> httpx.Response:
    return await hub.post(f"/v1/notes/{note_id}/open", NoteWanted(reason), role)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


async def audit(hub: RunningHub) -> list[tuple[str, str, bool]]:
    return [(a.user_id, a.reason, a.opened) for a in await hub.hub.store.read(sealed.accesses)]


def said(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, codec.decode(answer.content, Problem).code


@runs
async def test_given_a_call_in_care_then_its_clinician_seals_and_opens_without_a_reason_and_it_is_written_down(
    tmp_path: Path,
) -> None:
    async with running_hub(tmp_path, center_key=CENTER) as hub:
        await in_care(hub)
        assert (await hub.post("/v1/notes", to_seal(), Role.CLINICIAN)).status_code == 200
        (note,) = hub.hub.ledger.state.calls[CALL].notes
        assert (note.note_id, note.by, len(note.hash)) == (NOTE, "reyes", 64)
        answer = await opening(hub)
        assert codec.decode(answer.content, NoteOpened) == NoteOpened(NOTE, WORDS)
        assert answer.headers["cache-control"] == "no-store"
        assert await audit(hub) == [("reyes", "", True)]


@runs
async def test_given_another_role_then_it_neither_seals_nor_opens_and_the_attempt_is_written_down(tmp_path: Path) -> None:
    async with running_hub(tmp_path, center_key=CENTER) as hub:
        await in_care(hub)
        await hub.post("/v1/notes", to_seal(), Role.CLINICIAN)
        others = [role for role in Role if role not in (Role.CLINICIAN, Role.CREW)]
        for role in others:
            refused = await hub.post("/v1/notes", to_seal(note_id=NoteId("n2"), command_id="c2"), role)
            assert said(refused) == (403, "forbidden")
            refused = await opening(hub, role, "I would like to know")
            assert said(refused) == (403, "forbidden") and WORDS not in refused.text
        assert [opened for _, _, opened in await audit(hub)] == [False] * len(others)


@runs
async def test_given_a_call_that_is_not_in_care_then_opening_wants_a_reason_which_is_kept(tmp_path: Path) -> None:
    async with running_hub(tmp_path, center_key=CENTER) as hub:
        await in_care(hub)
        await hub.post("/v1/notes", to_seal(), Role.CLINICIAN)
        await hub.order(c.CloseCall(CALL, outcome="by_phone"), Role.CLINICIAN)
        assert said(await opening(hub)) == (409, "reason-needed")
        assert said(await opening(hub, reason="  ")) == (409, "reason-needed")
        assert (await opening(hub, reason="she called again")).status_code == 200
        assert await audit(hub) == [("reyes", "she called again", True)]


@runs
async def test_given_a_known_neighbor_then_their_notes_are_sealed_and_opened_freely_only_by_who_speaks_with_them(
    tmp_path: Path,
) -> None:
    neighbor = NeighborId("n-ana")
    about = NoteToSeal(CommandId("p1"), neighbor, NoteId("p1"), "A walk helps; never the siren.", SealedKind.PROFILE)
    async with running_hub(tmp_path, center_key=CENTER) as hub:
        await in_care(hub)
        assert said(await hub.post("/v1/notes", about, Role.CLINICIAN)) == (409, "neighbor-unknown")
        keep = c.KeepNeighbor(neighbor, ("(919) 555-0100",), (), "Ana")
        assert (await hub.order(keep, Role.CLINICIAN)).status_code == 200
        assert (await hub.post("/v1/notes", about, Role.CLINICIAN)).status_code == 200
        (kept,) = hub.hub.ledger.state.neighbors[neighbor].notes
        assert kept.note_id == "p1" and all("siren" not in str(value) for value in (kept, hub.hub.ledger.state))
        assert said(await opening(hub, note_id="p1")) == (409, "reason-needed"), "the call in care is of another number"
        assert (await hub.order(c.ChangeCallback(CALL, "919 555 0100"), Role.CLINICIAN)).status_code == 200
        assert codec.decode((await opening(hub, note_id="p1")).content, NoteOpened).text == about.text
        assert said(await opening(hub, Role.TELECOMMUNICATOR, "curious", "p1")) == (403, "forbidden")


@runs
async def test_given_a_referral_then_its_needs_are_sealed_and_are_those_of_who_referred_or_looks_after_it(
    tmp_path: Path,
) -> None:
    referral = ReferralId("r1")
    needs = NoteToSeal(CommandId("q1"), referral, NoteId("q1"), '["housing","substance use"]', SealedKind.NEEDS)
    async with running_hub(tmp_path, center_key=CENTER) as hub:
        await in_care(hub)
        assert said(await hub.post("/v1/notes", needs, Role.CLINICIAN)) == (409, "referral-unknown")
        assert (await hub.order(c.ReferNeighbor(referral, CALL), Role.TELECOMMUNICATOR)).status_code == 200
        assert (await hub.post("/v1/notes", needs, Role.CLINICIAN)).status_code == 200
        assert hub.hub.ledger.state.referrals[referral].needs_note == "q1"
        assert said(await opening(hub, note_id="q1")) == (409, "reason-needed")
        assert (await hub.order(c.TakeReferral(referral), Role.CLINICIAN)).status_code == 200
        assert codec.decode((await opening(hub, note_id="q1")).content, NoteOpened).text == needs.text


@runs
async def test_given_the_same_command_twice_then_one_note_and_the_first_words(tmp_path: Path) -> None:
    async with running_hub(tmp_path, center_key=CENTER) as hub:
        await in_care(hub)
        answers = [await hub.post("/v1/notes", to_seal(), Role.CLINICIAN) for _ in range(3)]
        assert len({answer.content for answer in answers}) == 1 and answers[0].status_code == 200
        assert len(hub.hub.ledger.state.calls[CALL].notes) == 1
        other = await hub.post("/v1/notes", to_seal("other words", command_id="seal-2"), Role.CLINICIAN)
        assert said(other) == (409, "note-known"), "its words would have been lost"
        assert codec.decode((await opening(hub)).content, NoteOpened).text == WORDS


@runs
async def test_given_what_will_not_do_then_it_is_refused_with_its_place_and_nothing_is_kept(tmp_path: Path) -> None:
    async with running_hub(tmp_path, center_key=CENTER) as hub:
        await in_care(hub)
        for wanted, code in (
            (to_seal("  "), "text-length"),
            (to_seal("x" * 10_001), "text-length"),
            (to_seal(note_id=NoteId("")), "id-length"),
            (to_seal(command_id=""), "id-length"),
            (to_seal(call_id=CallId("nobody")), "call-unknown"),
        ):
            assert said(await hub.post("/v1/notes", wanted, Role.CLINICIAN))[1] == code
        assert said(await opening(hub, note_id="nobody")) == (404, "note-unknown")
        rows = await hub.hub.store.read(lambda at: at.execute(text("SELECT count(*) FROM subject_key")).scalar())
        assert rows == 0


@runs
async def test_given_a_hub_without_a_key_then_it_keeps_no_notes_and_says_so(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as hub:
        await in_care(hub)
        assert said(await hub.post("/v1/notes", to_seal(), Role.CLINICIAN)) == (409, "no-sealing-key")


@runs
async def test_given_sealed_notes_then_no_file_of_the_store_holds_their_words_or_a_key(tmp_path: Path) -> None:
    raw = new_key_bytes()
    async with running_hub(tmp_path, center_key=SealingKey(raw)) as hub:
        await in_care(hub)
        await hub.post("/v1/notes", to_seal(), Role.CLINICIAN)
        await opening(hub)
        while_running = files(tmp_path)
    assert "hub.sqlite-wal" in while_running
    for content in (*while_running.values(), *files(tmp_path).values()):
        assert raw not in content
        for piece in WORDS.split(";"):
            assert piece.encode() not in content


@runs
async def test_given_the_hub_starts_again_then_a_note_opens_under_its_key_and_under_no_other(tmp_path: Path) -> None:
    async with running_hub(tmp_path, center_key=CENTER) as hub:
        await in_care(hub)
        await hub.post("/v1/notes", to_seal(), Role.CLINICIAN)
    other = SealingKey(new_key_bytes())
    with pytest.raises(CannotStart, match="sealed under another key"):
        async with running_hub(tmp_path, center_key=other):
            raise AssertionError("it started")
    assert write_once(store_url(tmp_path), lambda at: sealed.rotate(CENTER, other, at)) == 1
    async with running_hub(tmp_path, center_key=other) as hub:
        assert codec.decode((await opening(hub)).content, NoteOpened).text == WORDS
    with pytest.raises(KeyUnusable, match="nothing was changed"):
        write_once(store_url(tmp_path), lambda at: sealed.rotate(CENTER, SealingKey(new_key_bytes()), at))


@runs
async def test_given_a_redacted_call_then_its_note_says_so_and_a_new_one_is_sealed_under_a_new_key(tmp_path: Path) -> None:
    async with running_hub(tmp_path, center_key=CENTER) as hub:
        await in_care(hub)
        await hub.post("/v1/notes", to_seal(), Role.CLINICIAN)
        write_once(store_url(tmp_path), lambda at: sealed.redact(CALL, "lindqvist", "court order 12", NOW, at))
        refused = await opening(hub)
        assert said(refused) == (410, "redacted")
        assert "2026-05-04" in refused.text and "court order 12" in refused.text
        assert await audit(hub) == [], "nothing was opened"
        await hub.post("/v1/notes", to_seal("begun again", NoteId("n2"), "seal-2"), Role.CLINICIAN)
        assert codec.decode((await opening(hub, note_id="n2")).content, NoteOpened).text == "begun again"


@runs
@pytest.mark.expects_log("does not open")
async def test_given_bytes_that_were_changed_or_moved_then_the_note_does_not_open(tmp_path: Path) -> None:
    async with running_hub(tmp_path, center_key=CENTER) as hub:
        await in_care(hub)
        await hub.post("/v1/notes", to_seal(), Role.CLINICIAN)
        await hub.post("/v1/notes", to_seal("another", NoteId("n2"), "seal-2"), Role.CLINICIAN)
        with closing(sqlite3.connect(tmp_path / "hub.sqlite")) as at, at:
            at.execute(
                "UPDATE sealed_note SET sealed = (SELECT sealed FROM sealed_note WHERE note_id = 'n2') WHERE note_id = ?",
                [NOTE],
            )
        assert said(await opening(hub)) == (409, "note-damaged")


def test_given_no_key_then_an_exercise_has_one_of_its_own_and_a_center_none(tmp_path: Path) -> None:
    parser = argparse.ArgumentParser()
    serve.add_arguments(parser)
    store = ["--store", store_url(tmp_path)]
    one, two = (serve._center_key(parser.parse_args([*store, "--exercise"])) for _ in range(2))
    assert one is not None and two is not None and one.id != two.id
    assert serve._center_key(parser.parse_args(store)) is None


def test_given_a_key_file_then_it_is_made_once_read_back_and_kept_apart_from_the_store(tmp_path: Path) -> None:
    place = str(tmp_path / "center.key")
    made = make(place)
    assert load(place).id == made.id
    with pytest.raises(KeyUnusable, match="exists"):
        make(place)
    with pytest.raises(KeyUnusable, match="folder of the store"):
        apart(place, tmp_path / "hub.sqlite")
    apart(place, tmp_path / "elsewhere" / "hub.sqlite")


@pytest.mark.parametrize("content", ["", "secret", "heart-sealing-key-1 c2hvcnQ=", "heart-sealing-key-1 §"])
def test_given_a_file_that_is_no_key_then_one_line_says_so(tmp_path: Path, content: str) -> None:
    (tmp_path / "center.key").write_text(content, encoding="utf-8")
    with pytest.raises(KeyUnusable) as refused:
        load(str(tmp_path / "center.key"))
    assert "\n" not in str(refused.value)
    with pytest.raises(KeyUnusable, match="no such key file"):
        load(str(tmp_path / "missing.key"))
