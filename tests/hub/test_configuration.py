"""The configuration: a good folder is an agency, a broken one is refused with file, place, what and what is allowed."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest

from console.domain.agency import Agency
from console.domain.ids import FactName, NatureCode
from console.hub.configuration import ConfigurationFaulty, load, read
from console.wire import codec

SHIPPED = Path(__file__).resolve().parents[2] / "config"

FILES = {
    "agency.toml": """
name = "Anytown Communications"
programme_name = "HEART"
city = "Anytown"
time_zone = "America/New_York"
center = [36.0, -78.9]
languages = ["en", "es"]
unmapped_nature = "OTHER"
decline_reasons = ["busy"]
override_reasons = ["Language", "Crew"]

[[programmes]]
code = "TEAM"
name = "Team"
responds = "in_person"
unarmed = true
crew = ["clinician", "peer"]
colour = "teal"
shape = "circle"
hours = [{ effective_from = 2023-10-01, opens = 09:15:00, closes = 23:45:00, days = ["mon", "sun"] }]
areas = [{ effective_from = 2023-10-01, file = "city" }]

[[programmes]]
code = "PHONE"
name = "By phone"
responds = "by_phone"
unarmed = true
crew = ["clinician"]
colour = "violet"
shape = "none"
hours = [{ effective_from = 2023-10-01, opens = 09:00:00, closes = 21:00:00 }]

[[other_services]]
code = "POLICE"
name = "Police"

[[outcomes]]
code = "resolved"
name = "Resolved"

[[missed_reasons]]
code = "all_busy"
name = "No unit free"

[[targets]]
priority = "*"
due_s = 300
past_s = 600

[hand_off]
queue_s = 120
wrap_up_s = 240

[follow_up]
due_h = 24

[checks]
grace_s = 90

[recommend]
doubt_minutes = 3

[[recommend.wants]]
discipline = "clinician"
when = { nature = ["OTHER"] }
because = "a crisis"

[[skills]]
code = "ARMS"
name = "weapons in the home"
when = { facts = { weapon = ["near"] }, nature = ["OTHER"] }

[[needs]]
code = "HOUSING"
name = "Housing"
""",
    "eligibility.yaml": """
facts:
  weapon: {name: Weapon, values: {none: none, near: within reach}}
  calm: {name: Calm, values: {no: "no", yes: "yes"}}
facts_shown: [weapon]
criteria:
  TEAM:
    deny:
      - when: {facts: {weapon: [near]}}
        because: a weapon is there
    needs: [weapon]
""",
    "natures.csv": """code,name,priority,programmes,conditional,apco,protocol,check_minutes
CRISIS,Crisis,2,PHONE TEAM,,MNTL,crisis,15
OTHER,"Other, unsorted",,,,,,
""",
    "units.csv": """unit_id,programme,crew,languages,base
T1,TEAM,clinician;peer support,en es,North base
""",
    "places.csv": """name,kind,latitude,longitude,address
North base,station,36.01,-78.91,1 North St
""",
    "protocols/crisis.yaml": """
id: crisis
version: 1
title: Crisis
status: sample
author: tests
date: 2026-01-01
languages: [en, es]
questions:
  - id: weapon
    section: safety
    text: {en: A weapon?, es: ¿Un arma?}
    answers:
      - {key: 1, text: {en: "No", es: "No"}, sets: {weapon: none}}
      - key: 2
        text: {en: "Yes", es: "Sí"}
        sets: {weapon: near}
        instruction: {en: Stay away., es: Aléjese.}
      - {key: 3, text: {en: Not known, es: No lo sabe}, sets: {weapon: not_known}}
  - id: calm
    section: safety
    text: {en: Calm?, es: ¿Calma?}
    ask_unless: {facts: {weapon: [near]}}
    answers:
      - {key: 1, text: {en: "Yes", es: "Sí"}, sets: {calm: yes}}
      - {key: 2, text: {en: "No", es: "No"}, sets: {calm: no}}
      - {key: 3, text: {en: Not known, es: No lo sabe}, sets: {calm: not_known}}
proposals:
  - {propose: POLICE, when: {facts: {weapon: [near]}}, because: a weapon is there}
  - {propose: TEAM, when: {}, because: nothing speaks against it}
""",
    "areas/city.geojson": '{"type": "Feature", "geometry": {"type": "Polygon", "coordinates": []}, "properties": {}}',
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small whole configuration."""
    for name, content in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return tmp_path


def findings(folder: Path) -> tuple[str, ...]:
    with pytest.raises(ConfigurationFaulty) as faulty:
        load(folder)
    assert all("\n" not in finding and "; " in finding for finding in faulty.value.findings)
    return faulty.value.findings


def test_given_a_whole_folder_then_the_agency_has_all_of_it(folder: Path) -> None:
    agency = load(folder)
    team = agency.programmes[0]
    assert (team.code, team.hours[0].opens, team.hours[0].days) == ("TEAM", time(9, 15), ("mon", "sun"))
    assert team.areas[0].effective_from == date(2023, 10, 1)
    assert team.criteria.deny[0].because == "a weapon is there" and team.criteria.needs == ("weapon",)
    assert agency.natures[NatureCode("CRISIS")].programmes == ("PHONE", "TEAM")
    assert agency.natures[NatureCode("OTHER")].name == "Other, unsorted"
    assert agency.units[0].crew == ("clinician", "peer support") and agency.units[0].languages == ("en", "es")
    assert agency.places[0].longitude == -78.91
    assert agency.areas == {"city": FILES["areas/city.geojson"]}
    assert agency.hand_off_s == 30 and agency.facts_shown == ("weapon",)
    assert codec.decode(codec.encode(agency), Agency) == agency


def test_given_rules_of_hand_off_and_follow_up_then_what_is_left_out_is_as_usual(folder: Path) -> None:
    agency = load(folder)
    assert (agency.hand_off.queue_s, agency.hand_off.wrap_up_s, agency.hand_off.bridge_s) == (120, 240, 60)
    assert (agency.follow_up.due_h, agency.follow_up.late_h) == (24, 72)
    assert [(skill.code, skill.when and skill.when.nature) for skill in agency.skills] == [("ARMS", ("OTHER",))]
    assert [need.name for need in agency.needs] == ["Housing"]


def test_given_rules_for_units_then_what_is_left_out_is_as_usual(folder: Path) -> None:
    agency = load(folder)
    assert (agency.checks.grace_s, agency.checks.escalate_after, agency.checks.minutes) == (90, 2, None)
    assert (agency.recommend.doubt_minutes, agency.recommend.language_minutes) == (3, 10)
    assert [(want.discipline, want.because) for want in agency.recommend.wants] == [("clinician", "a crisis")]
    assert agency.override_reasons == ("Language", "Crew")
    assert [nature.check_minutes for nature in agency.natures.values()] == [15, None]


def test_given_a_default_protocol_then_it_stands_first(folder: Path) -> None:
    (folder / "protocols/entry.yaml").write_text(FILES["protocols/crisis.yaml"].replace("id: crisis", "id: entry"))
    assert [protocol.id for protocol in load(folder).protocols] == ["crisis", "entry"]
    path = folder / "agency.toml"
    path.write_text(f'default_protocol = "entry"\n{path.read_text(encoding="utf-8")}', encoding="utf-8")
    assert [protocol.id for protocol in load(folder).protocols] == ["entry", "crisis"]


def test_words_that_yaml_takes_for_something_else_stay_words(folder: Path) -> None:
    agency = load(folder)
    assert agency.facts[FactName("calm")].values == {"no": "no", "yes": "yes"}
    [protocol] = agency.protocols
    assert (protocol.version, protocol.date) == ("1", "2026-01-01")
    assert [answer.sets for answer in protocol.questions[1].answers] == [
        {"calm": "yes"}, {"calm": "no"}, {"calm": "not_known"},
    ]  # fmt: skip


BREAKAGES: dict[str, tuple[str, str, str, str]] = {
    # name: (file, what stands there, what stands there instead, the finding)
    "toml syntax": ("agency.toml", 'name = "Anytown Communications"', "name = ", "agency.toml: line 2, column 8: "),
    "toml unknown name": (
        "agency.toml", "city =", "town =", "agency.toml: town: this name is not known; allowed: name,",
    ),
    "what only the hub says": (
        "agency.toml", "decline_reasons =", "refused = []\ndecline_reasons =", "toml: refused: this name is not known",
    ),
    "toml missing": ("agency.toml", 'city = "Anytown"\n', "", "agency.toml: city is missing; it is text"),
    "toml wrong type": ("agency.toml", '"Anytown"', "7", "agency.toml: city: 7 does not fit here; expected text"),
    "toml misplaced": (
        "agency.toml", 'name = "Team"', 'name = "Team"\ncriteria = {}', "programmes[0].criteria: this name is not known",
    ),
    "time": (
        "agency.toml", "opens = 09:15:00", 'opens = "early"',
        "agency.toml: programmes[0].hours[0].opens: 'early' does not fit here; expected a time of day",
    ),
    "day": (
        "agency.toml", '"sun"', '"sunday"',
        "programmes[0].hours[0].days[1]: 'sunday' does not fit here; allowed: mon, tue, wed, thu, fri, sat, sun",
    ),
    "responds": (
        "agency.toml", '"by_phone"', '"by_pigeon"', "'by_pigeon' does not fit here; allowed: by_phone, in_person, follow_up",
    ),
    "colour": (
        "agency.toml", '"teal"', '"pink"',
        "programmes[0].colour: 'pink' does not fit here; allowed: teal, blue, violet, sky, slate",
    ),
    "code twice": ("agency.toml", 'code = "PHONE"', 'code = "TEAM"', "'TEAM' stands here 2 times; each once"),
    "programme and service": ("agency.toml", 'code = "POLICE"', 'code = "TEAM"', "'TEAM' stands here 2 times"),
    "time zone": ("agency.toml", "America/New_York", "Mars/North", "time_zone: 'Mars/North' is not a time zone"),
    "tracks kept for less than no time": (
        "agency.toml", "city =", "keep_tracks_days = -1\ncity =",
        "keep_tracks_days: -1 is no number of days; 0 (none are kept) to 36500",
    ),
    "center": ("agency.toml", "[36.0, -78.9]", "[136.0, -78.9]", "center: 136, -78.9 is not on this world"),
    "half a center": ("agency.toml", "[36.0, -78.9]", "[36.0]", "agency.toml: center: 1 values; expected 2"),
    "target": ("agency.toml", "past_s = 600", "past_s = 60", "targets[0]: due_s 300, past_s 60; 0 < due_s <= past_s"),
    "target priority": ("agency.toml", 'priority = "*"', 'priority = "high"', "'high' is no priority; allowed: P, 1,"),
    "queue": ("agency.toml", "queue_s = 120", "queue_s = 0", "hand_off.queue_s: 0 is no span of time; expected more than 0"),
    "wrap-up": ("agency.toml", "wrap_up_s = 240", "wrap_up_s = -1", "hand_off.wrap_up_s: -1 is no span of time; 0 or more"),
    "ringing": ("agency.toml", "queue_s = 120", "bridge = 60", "hand_off.bridge: this name is not known; allowed: next_cl"),
    "follow-up": ("agency.toml", "due_h = 24", "due_h = 72", "follow_up: due_h 72, late_h 72; 0 < due_h < late_h"),
    "outreach": ("agency.toml", "due_h = 24", "outreach_h = 0", "follow_up.outreach_h: 0 is no span of time"),
    "check": ("agency.toml", "grace_s = 90", "grace_s = 0", "agency.toml: checks.grace_s: 0 is no span of time"),
    "check of nobody": ("agency.toml", "grace_s = 90", "minutes = 0", "checks.minutes: 0 is no span of time; expected more"),
    "misses": (
        "agency.toml", "grace_s = 90", "escalate_after = 0",
        "agency.toml: checks.escalate_after: 0 is no number of misses; 1 or more",
    ),
    "nature's check": (
        "natures.csv", "MNTL,crisis,15", "MNTL,crisis,0", "natures.csv: CRISIS, check_minutes: 0 is no span of time; more",
    ),
    "nature's check in words": (
        "natures.csv", "MNTL,crisis,15", "MNTL,crisis,often",
        "natures.csv: line 2, check_minutes: 'often' does not fit here; expected a whole number",
    ),
    "counted": (
        "agency.toml", "doubt_minutes = 3", "doubt_minutes = -1",
        "recommend.doubt_minutes: -1 is nothing that a unit can be counted later; 0 (it does not count) to 120",
    ),
    "counted for ever": ("agency.toml", "doubt_minutes = 3", "shift_minutes = 500", "shift_minutes: 500 is nothing"),
    "wanted discipline": (
        "agency.toml", 'discipline = "clinician"', 'discipline = "clinican"',
        "agency.toml: recommend.wants[0].discipline: 'clinican' is not known; allowed: clinician, peer support",
    ),
    "wanted when": (
        "agency.toml", '{ nature = ["OTHER"] }', '{ facts = { arms = ["near"] } }', "wants[0].when: 'arms' is not",
    ),
    "wanted for nothing": ("agency.toml", '"a crisis"', '" "', "recommend.wants[0].because: it gives no reason; words that"),
    "override reason twice": (
        "agency.toml", '"Crew"', '"Language"', "agency.toml: override_reasons: 'Language' stands here 2 times; each once",
    ),
    "override reason empty": ("agency.toml", '"Crew"]', '" "]', "agency.toml: override_reasons[1]: it is empty; words that"),
    "override reasons without keys": (
        "agency.toml", '"Language", "Crew"', '"1", "2", "3", "4", "5", "6", "7", "8", "9"',
        "override_reasons: 9 reasons, and a key each only for 8; one of one's own can always be typed",
    ),
    "skill's fact": ("agency.toml", "weapon = [", "arms = [", "agency.toml: skills[0].when: 'arms' is not a fact"),
    "skill's value": ("agency.toml", '["near"]', '["far"]', "skills[0].when: 'far' is not a value of weapon (Weapon)"),
    "skill's nature": ("agency.toml", '["OTHER"]', '["OTHERS"]', "skills[0].when, nature: 'OTHERS' is not known"),
    "code of two words": (
        "agency.toml", '"HOUSING"', '"A HOME"', "agency.toml: needs[0].code: 'A HOME' is no code; one word, as in OLDER",
    ),
    "need without a name": ("agency.toml", '"Housing"', '" "', "agency.toml: needs[0].name: it has no name; words that"),
    "need twice": (
        "agency.toml", "[[needs]]", '[[needs]]\ncode = "HOUSING"\nname = "A home"\n\n[[needs]]',
        "agency.toml: needs: code: 'HOUSING' stands here 2 times; each once",
    ),
    "area file": ("agency.toml", '"city"', '"town"', "areas[0].file: there is no areas/town.geojson; allowed: city"),
    "no programmes": ("agency.toml", "[[programmes]]", "[[outcomes]]", "no programme is configured"),
    "told of a turn": (
        "agency.toml", 'unmapped_nature = "OTHER"', 'unmapped_nature = "OTHER"\ntell_on_turn = ["caller", "POLISE"]',
        "agency.toml: tell_on_turn: 'POLISE' is not known; allowed: caller, unit, clinician, POLICE",
    ),
    "default protocol": (
        "agency.toml", 'unmapped_nature = "OTHER"', 'unmapped_nature = "OTHER"\ndefault_protocol = "entry"',
        "agency.toml: default_protocol: 'entry' is not known; allowed: crisis",
    ),
    "unmapped": ("agency.toml", '"OTHER"', '"ELSE"', "unmapped_nature: 'ELSE' is not in natures.csv"),
    "yaml syntax": ("eligibility.yaml", "facts_shown: [weapon]", "facts_shown: [weapon", "eligibility.yaml: line "),
    "yaml unknown name": (
        "eligibility.yaml", "because: a", "why: a",
        "line 10, criteria.TEAM.deny[0].why: this name is not known; allowed: when,",
    ),
    "yaml twice": ("eligibility.yaml", "  calm:", "  weapon:", "line 4, facts.weapon: this name stands here twice"),
    "yaml list": (
        "eligibility.yaml", "needs: [weapon]", "needs: weapon",
        "line 11, criteria.TEAM.needs: 'weapon' stands where a list should; expected a list",
    ),
    "fact": (
        "eligibility.yaml", "when: {facts: {weapon", "when: {facts: {wepon",
        "eligibility.yaml: criteria.TEAM.deny[0].when: 'wepon' is not a fact; allowed: weapon, calm",
    ),
    "fact value": (
        "eligibility.yaml", "weapon: [near]", "weapon: [close]",
        "criteria.TEAM.deny[0].when: 'close' is not a value of weapon (Weapon); allowed: none, near, not_known",
    ),
    "criteria of nobody": (
        "eligibility.yaml", "  TEAM:", "  TEEM:", "criteria: 'TEEM' is not known; allowed: TEAM, PHONE",
    ),
    "not_known listed": ("eligibility.yaml", "near: within reach", "not_known: what", "every fact has it already"),
    "csv column": ("natures.csv", "apco", "appco", "natures.csv: line 1: column 'appco' is not known"),
    "csv no column": ("natures.csv", "code,name", "cod,name", "natures.csv: line 1: column 'code' is missing"),
    "csv cells": ("natures.csv", "CRISIS,Crisis,", "CRISIS,", "natures.csv: line 2: 7 cells; the header names 8"),
    "csv quote": ("natures.csv", '"Other, unsorted"', '"Other, unsorted', "natures.csv: line "),
    "nature programme": (
        "natures.csv", "PHONE TEAM", "PHONE TEEM",
        "natures.csv: CRISIS, programmes: 'TEEM' is not known; allowed: TEAM, PHONE",
    ),
    "nature protocol": (
        "natures.csv", "MNTL,crisis", "MNTL,crises", "CRISIS, protocol: 'crises' is not known; allowed: crisis",
    ),
    "nature priority": (
        "natures.csv", "Crisis,2", "Crisis,11", "CRISIS, priority: '11' is not known; allowed: P, 1, 2",
    ),
    "nature twice": ("natures.csv", "OTHER,", "CRISIS,", "natures.csv: code: 'CRISIS' stands here 2 times"),
    "open and conditional": (
        "natures.csv", "PHONE TEAM,", "PHONE TEAM,TEAM", "TEAM is open to it and conditional at once",
    ),
    "unit base": ("units.csv", "North base", "South base", "T1, base: 'South base' is not known; allowed: North base"),
    "unit crew": ("units.csv", "clinician;peer support", "", "T1, crew: nobody is aboard"),
    "place": (
        "places.csv", "36.01", "north", "places.csv: line 2, latitude: 'north' does not fit here; expected a number",
    ),
    "place off earth": ("places.csv", "36.01", "96.01", "North base: 96.01, -78.91 is not on this world"),
    "language": (
        "protocols/crisis.yaml", ', es: "Sí"}\n        sets: {weapon: near}', "}\n        sets: {weapon: near}",
        "protocols/crisis.yaml: question weapon, answer 2: it has no words in 'es'; a text in each declared language",
    ),
    "instruction": ("protocols/crisis.yaml", ", es: Aléjese.", "", "answer 2, instruction: it has no words in 'es'"),
    "other language": (
        "protocols/crisis.yaml", "languages: [en, es]", "languages: [en, fr]", "languages: 'fr' is not known",
    ),
    "key twice": (
        "protocols/crisis.yaml", "key: 3", "key: 1", "question weapon: 2 answers have the key 1; each key once",
    ),
    "key": (
        "protocols/crisis.yaml", "key: 3", "key: y", "question weapon: the key 'y' is not a digit; allowed: 0 to 9",
    ),
    "answer sets": (
        "protocols/crisis.yaml", "{weapon: none}", "{weapn: none}", "answer 1: 'weapn' is not a fact; allowed: weapon, calm",
    ),
    "answer value": (
        "protocols/crisis.yaml", "{weapon: none}", "{weapon: no}", "'no' is not a value of weapon (Weapon); allowed: none",
    ),
    "question twice": (
        "protocols/crisis.yaml", "- id: calm", "- id: weapon",
        "questions[1]: question 'weapon' of protocols/crisis.yaml stands here twice",
    ),
    "ask_unless": (
        "protocols/crisis.yaml", "ask_unless: {facts: {weapon", "ask_unless: {facts: {arm", "calm, ask_unless: 'arm'",
    ),
    "proposal": (
        "protocols/crisis.yaml", "propose: POLICE", "propose: POLISE",
        "proposal 1 (POLISE): 'POLISE' is neither a programme nor a service; allowed: TEAM, PHONE, POLICE",
    ),
    "no not known": (
        "protocols/crisis.yaml", "{calm: not_known}", "{calm: no}",
        'question calm: no answers say "not known"; one answer that sets all its facts to not_known',
    ),
    "protocol source": (
        "protocols/crisis.yaml", "proposals:", "sources: [oficer]\nproposals:", "sources: 'oficer' is not known; allowed: ",
    ),
    "condition's nature": (
        "protocols/crisis.yaml", "ask_unless: {facts: {weapon: [near]}}", "ask_unless: {nature: [CRISES]}",
        "question calm, ask_unless, nature: 'CRISES' is not known; allowed: CRISIS, OTHER",
    ),
    "condition's priority": (
        "protocols/crisis.yaml", "when: {}, because: nothing", "when: {priority: [0]}, because: nothing",
        "proposal 2 (TEAM), priority: '0' is not known; allowed: P, 1, 2",
    ),
    "limit": ("protocols/crisis.yaml", "proposals:", "limit: 0\nproposals:", "limit: 0 questions at most; 1 or more"),
    "no languages": (
        "protocols/crisis.yaml", "languages: [en, es]", "languages: []", "languages: it names no language; allowed: en, es",
    ),
    "status": (
        "protocols/crisis.yaml", "status: sample", "status: final", "'final' does not fit here; allowed: sample, approved",
    ),
    "area syntax": ("areas/city.geojson", '"Feature",', '"Feature"', "areas/city.geojson: line 1, column "),
    "area kind": (
        "areas/city.geojson", '"type": "Feature"', '"type": "Song"', "type: 'Song' is not what stands in it",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BREAKAGES)
def test_given_one_breakage_then_it_is_named_with_file_place_and_what_is_allowed(folder: Path, name: str) -> None:
    file, before, after, expected = BREAKAGES[name]
    content = (folder / file).read_text(encoding="utf-8")
    assert before in content
    (folder / file).write_text(content.replace(before, after), encoding="utf-8")
    found = findings(folder)
    assert any(expected in finding for finding in found), found
    assert all(finding.startswith(tuple(FILES)) for finding in found), found


@pytest.mark.parametrize("file", ["agency.toml", "eligibility.yaml", "natures.csv", "units.csv", "places.csv"])
def test_given_a_missing_file_then_it_is_named(folder: Path, file: str) -> None:
    (folder / file).unlink()
    assert f"{file}: this file is missing; a configuration has it" in findings(folder)


def test_given_several_faults_in_several_files_then_all_are_found_at_once(folder: Path) -> None:
    for name in ("toml wrong type", "yaml list", "csv cells", "place", "status", "area kind"):
        file, before, after, _ = BREAKAGES[name]
        path = folder / file
        path.write_text(path.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    found = findings(folder)
    for name in ("toml wrong type", "yaml list", "csv cells", "place", "status", "area kind"):
        assert any(BREAKAGES[name][3] in finding for finding in found), name


def test_given_one_id_in_two_protocol_files_then_both_files_are_named(folder: Path) -> None:
    text = (folder / "protocols/crisis.yaml").read_text(encoding="utf-8")
    (folder / "protocols/other.yaml").write_text(text, encoding="utf-8")
    said = "protocols/other.yaml: id: 'crisis' is the id of protocols/crisis.yaml already; another id, or one file less"
    assert said in findings(folder)


def test_given_one_question_id_with_other_words_in_two_protocols_then_both_are_named(
    folder: Path,
) -> None:
    text = (folder / "protocols/crisis.yaml").read_text(encoding="utf-8")
    other = text.replace("id: crisis", "id: other").replace("A weapon?", "A gun?")
    (folder / "protocols/other.yaml").write_text(other, encoding="utf-8")
    said = "another id, or one question that both include"
    assert findings(folder) == (
        f"protocols/crisis.yaml: question weapon: another question has this id in protocol other; {said}",
        f"protocols/other.yaml: question weapon: another question has this id in protocol crisis; {said}",
    )


def test_given_a_faulty_protocol_when_read_then_it_is_told_and_who_names_it_is_not_wrong(
    folder: Path,
) -> None:
    path = folder / "agency.toml"
    path.write_text(f'default_protocol = "crisis"\n{path.read_text(encoding="utf-8")}', encoding="utf-8")
    path = folder / "protocols/crisis.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("questions:", "questions: ["), encoding="utf-8")
    configuration = read(folder)
    assert configuration.agency.protocols == () and configuration.agency.natures[NatureCode("CRISIS")].protocol == "crisis"
    [(protocol, [finding])] = configuration.unreadable.items()
    assert protocol == "crisis" and finding.place.startswith("protocols/crisis.yaml: line 10, column ")
    assert findings(folder) == (finding.line,)


def test_given_faults_in_a_protocol_and_beside_it_then_all_are_told(folder: Path) -> None:
    for name in ("key twice", "unit base"):
        file, before, after, _ = BREAKAGES[name]
        path = folder / file
        path.write_text(path.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    with pytest.raises(ConfigurationFaulty) as faulty:
        read(folder)
    assert {line.partition(":")[0] for line in faulty.value.findings} == {"units.csv", "protocols/crisis.yaml"}


def test_given_a_record_or_a_bracket_that_is_missing_then_it_is_said_what_to_write(folder: Path) -> None:
    path = folder / "protocols/crisis.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(", when: {}, ", ", "), encoding="utf-8")
    assert any("when is missing; it is a record of its own, as in `name: {...}`" in each for each in findings(folder))
    path.write_text(text.replace("- {propose", "{propose", 1), encoding="utf-8")
    assert any("an indent is wrong here or just above" in each for each in findings(folder))


def test_given_a_file_that_is_not_utf_8_or_is_empty_then_that_is_said(folder: Path) -> None:
    (folder / "natures.csv").write_bytes("code,name\nCAFÉ,x\n".encode("latin-1"))
    (folder / "eligibility.yaml").write_text("# nothing here\n")
    found = findings(folder)
    assert any("natures.csv: byte 13: this is not UTF-8 text" in finding for finding in found)
    assert any(finding.startswith("eligibility.yaml: this file is empty") for finding in found)


def test_given_no_folder_then_one_finding(tmp_path: Path) -> None:
    assert "is not a folder" in findings(tmp_path / "nowhere")[0]


@pytest.mark.parametrize("folder", sorted(path.parent for path in SHIPPED.glob("*/agency.toml")), ids=lambda path: path.name)
def test_every_shipped_configuration_loads(folder: Path) -> None:
    agency = load(folder)
    assert agency.programmes and agency.natures and agency.protocols and agency.units


def test_given_a_screener_then_it_is_read_and_one_that_is_unsound_is_refused_with_its_place(folder: Path) -> None:
    sample = Path("config/durham/screener.yaml").read_text(encoding="utf-8")
    file = folder / "screener.yaml"
    file.write_text(sample, encoding="utf-8")
    found = load(folder).screener
    assert found is not None and [level.code for level in found.levels] == ["high", "moderate", "low", "none_told"]
    file.write_text(sample.replace("name: None told\n    shown: fine", "name: None told"), encoding="utf-8")
    assert any(line.startswith("screener.yaml: line 114, levels[3]: shown is missing") for line in findings(folder))
    file.write_text(sample.replace("{facts: {plan: [", "{facts: {plans: ["), encoding="utf-8")
    assert any(line.startswith("screener.yaml: level high: 'plans' is not a fact") for line in findings(folder))
