"""Whether a configuration makes sense beside its protocols: every name that is used exists. Those the proof looks at."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from zoneinfo import ZoneInfo

from console.domain.agency import Agency
from console.domain.conditions import NOT_KNOWN, Rule
from console.domain.ids import ProgrammeCode
from console.domain.programmes import Criteria, Programme
from console.domain.state import PRIORITIES
from console.domain.triage.check import listed, unknown_fact, unknown_in
from console.hub.configuration.findings import Findings
from console.hub.configuration.natures import NatureFiles, check_natures, check_protocols_named

_LONGEST_DAYS = 36_500
_DEEPEST_ZOOM = 24
_MOST_COUNTED = 120
"""Minutes that one thing may count against a unit: more would only hide that nobody near can go."""
_MOST_REASONS = 8
"""Each has a digit; the ninth is for a reason of one's own."""


def check(
    agency: Agency,
    natures: NatureFiles,
    criteria: Mapping[ProgrammeCode, Criteria],
    protocols: Collection[str] | None,
    findings: Findings,
) -> None:
    """Note everything that does not fit together. `natures` as their files say them, so that a code given twice is seen.

    `protocols` are the ids of all; None where one could not be read, so that nobody who names a protocol is called wrong.
    """
    checks = _Checks(agency, findings)
    checks.agency_file()
    for place, programme in enumerate(agency.programmes):
        checks.programme(f"programmes[{place}]", programme)
    check_natures(agency, natures, checks.known, findings)
    checks.units()
    checks.places()
    checks.eligibility(criteria)
    if protocols is not None:
        checks.known("agency.toml", "default_protocol", filter(None, [agency.default_protocol]), protocols)
        check_protocols_named(natures, protocols, checks.known)


class _Checks:
    def __init__(self, agency: Agency, findings: Findings) -> None:
        self._agency, self._findings = agency, findings
        self._programmes = [programme.code for programme in agency.programmes]
        self._services = [service.code for service in agency.other_services]

    def unique(self, file: str, what: str, values: Iterable[str]) -> None:
        for value, times in Counter(values).items():
            if times > 1:
                self._findings.add(file, what, f"{value!r} stands here {times} times", "each once")

    def agency_file(self) -> None:
        agency, add = self._agency, self._findings.add
        file = "agency.toml"
        try:
            ZoneInfo(agency.time_zone)
        except (KeyError, ValueError, OSError):
            add(file, "time_zone", f"{agency.time_zone!r} is not a time zone", "write an IANA name, as in Europe/Berlin")
        self._on_earth(file, "center", *agency.center)
        if not agency.languages:
            add(file, "languages", "no language is named", "name at least one, as in en")
        if agency.unmapped_nature not in agency.natures:
            add(file, "unmapped_nature", f"{agency.unmapped_nature!r} is not in natures.csv", "name one that is")
        for name in ("hand_off_s", "position_stale_s", "keep_closed_h"):
            self._lasts(name, getattr(agency, name))
        if not 0 <= agency.keep_tracks_days <= _LONGEST_DAYS:
            what = f"{agency.keep_tracks_days} is no number of days"
            add(file, "keep_tracks_days", what, f"0 (none are kept) to {_LONGEST_DAYS}")
        self.hand_off()
        self.follow_up()
        self.tile_server()
        self.status_checks()
        self.recommending()
        if agency.travel.detour_factor < 1 or agency.travel.speed_km_h <= 0:
            add(file, "travel", "no road is shorter than the straight line", "detour_factor 1 or more, speed_km_h over 0")
        self.unique(file, "programmes and other_services: code", [*self._programmes, *self._services])
        self.unique(file, "outcomes: code", (outcome.code for outcome in agency.outcomes))
        self.unique(file, "missed_reasons: code", (reason.code for reason in agency.missed_reasons))
        self.known(file, "tell_on_turn", agency.tell_on_turn, ["caller", "unit", "clinician", *self._services])
        self.unique(file, "targets: priority", (target.priority for target in agency.targets))
        for place, target in enumerate(agency.targets):
            if target.priority not in (*PRIORITIES, "*"):
                add(file, f"targets[{place}].priority", f"{target.priority!r} is no priority", listed((*PRIORITIES, "*")))
            if not 0 < target.due_s <= target.past_s:
                add(file, f"targets[{place}]", f"due_s {target.due_s}, past_s {target.past_s}", "0 < due_s <= past_s")

    def tile_server(self) -> None:
        """Where map tiles are fetched."""
        server, add, file = self._agency.tile_server, self._findings.add, "agency.toml"
        if server is None:
            return
        for name, address in (("url", server.url), ("dark_url", server.dark_url)):
            whole = address.startswith(("https://", "http://")) and all(part in address for part in ("{z}", "{x}", "{y}"))
            if not whole and (address or name == "url"):
                add(file, f"tile_server.{name}", f"{address!r} is no address of tiles", "https://HOST/{z}/{x}/{y}.png")
        if not server.attribution.strip():
            add(file, "tile_server.attribution", "nobody is named", "who made the map, as its licence wants it")
        if not 0 <= server.min_zoom <= server.max_zoom <= _DEEPEST_ZOOM:
            add(file, "tile_server", f"zooms {server.min_zoom} to {server.max_zoom}", f"0 to {_DEEPEST_ZOOM}, in this order")
        if server.size not in (256, 512):
            add(file, "tile_server.size", f"{server.size} pixels", "256 or 512")

    def hand_off(self) -> None:
        """How long each part of it may last, and the skills by which somebody is chosen for it."""
        rules = self._agency.hand_off
        for name in ("queue_s", "bridge_s", "ask_s"):
            self._lasts(f"hand_off.{name}", getattr(rules, name))
        if rules.wrap_up_s < 0:
            self._findings.add("agency.toml", "hand_off.wrap_up_s", f"{rules.wrap_up_s} is no span of time", "0 or more")
        self._codes("skills", ((skill.code, skill.name) for skill in self._agency.skills))
        for i, skill in enumerate(self._agency.skills):
            if skill.when is not None:
                self._findings.take("agency.toml", unknown_in(self._agency, f"skills[{i}].when", skill.when))

    def follow_up(self) -> None:
        """When it is due and late, and what a neighbor may need."""
        rules = self._agency.follow_up
        if not 0 < rules.due_h < rules.late_h:
            what = f"due_h {rules.due_h}, late_h {rules.late_h}"
            self._findings.add("agency.toml", "follow_up", what, "0 < due_h < late_h")
        self._lasts("follow_up.outreach_h", rules.outreach_h)
        self._codes("needs", ((need.code, need.name) for need in self._agency.needs))

    def status_checks(self) -> None:
        """How often units are asked whether all is well, and what a miss is."""
        rules = self._agency.checks
        if rules.minutes is not None:
            self._lasts("checks.minutes", rules.minutes)
        self._lasts("checks.grace_s", rules.grace_s)
        if rules.escalate_after < 1:
            what = f"{rules.escalate_after} is no number of misses"
            self._findings.add("agency.toml", "checks.escalate_after", what, "1 or more")

    def recommending(self) -> None:
        """What counts against a unit, who is wanted on a crew, and why another unit may be sent than the one proposed."""
        agency, add, file = self._agency, self._findings.add, "agency.toml"
        for name in ("language_minutes", "discipline_minutes", "doubt_minutes", "shift_minutes"):
            minutes = getattr(agency.recommend, name)
            if not 0 <= minutes <= _MOST_COUNTED:
                what = f"{minutes:g} is nothing that a unit can be counted later"
                add(file, f"recommend.{name}", what, f"0 (it does not count) to {_MOST_COUNTED}")
        aboard = dict.fromkeys(discipline for unit in agency.units for discipline in unit.crew)
        for i, want in enumerate(agency.recommend.wants):
            self.known(file, f"recommend.wants[{i}].discipline", [want.discipline], aboard)
            self._findings.take(file, unknown_in(agency, f"recommend.wants[{i}].when", want.when))
            if not want.because.strip():
                add(file, f"recommend.wants[{i}].because", "it gives no reason", "words that people read")
        reasons = agency.override_reasons
        self.unique(file, "override_reasons", reasons)
        if len(reasons) > _MOST_REASONS:
            what = f"{len(reasons)} reasons, and a key each only for {_MOST_REASONS}"
            add(file, "override_reasons", what, "one of one's own can always be typed")
        for i, reason in enumerate(reasons):
            if not reason.strip():
                add(file, f"override_reasons[{i}]", "it is empty", "words that people read")

    def _lasts(self, place: str, span: int) -> None:
        if span <= 0:
            self._findings.add("agency.toml", place, f"{span} is no span of time", "expected more than 0")

    def _codes(self, what: str, pairs: Iterable[tuple[str, str]]) -> None:
        """Each code once, one word, and with a name."""
        named = list(pairs)
        self.unique("agency.toml", f"{what}: code", (code for code, _ in named))
        for i, (code, name) in enumerate(named):
            if len(code.split()) != 1 or code != code.strip():
                self._findings.add("agency.toml", f"{what}[{i}].code", f"{code!r} is no code", "one word, as in OLDER")
            if not name.strip():
                self._findings.add("agency.toml", f"{what}[{i}].name", "it has no name", "words that people read")

    def programme(self, place: str, programme: Programme) -> None:
        add, file = self._findings.add, "agency.toml"
        if not programme.hours:
            add(file, f"{place}.hours", f"{programme.code} has no hours of duty", "at least one record of hours")
        for i, hours in enumerate(programme.hours):
            if not hours.days:
                add(file, f"{place}.hours[{i}].days", "no day is named", "mon, tue, wed, thu, fri, sat, sun")
        if programme.check_minutes is not None and programme.check_minutes <= 0:
            add(file, f"{place}.check_minutes", f"{programme.check_minutes} is no span of time", "expected more than 0")
        for i, area in enumerate(programme.areas):
            if area.file not in self._agency.areas:
                what = f"there is no areas/{area.file}.geojson"
                add(file, f"{place}.areas[{i}].file", what, listed(self._agency.areas))

    def units(self) -> None:
        file, places = "units.csv", [place.name for place in self._agency.places]
        self.unique(file, "unit_id", (unit.unit_id for unit in self._agency.units))
        for unit in self._agency.units:
            self.known(file, f"{unit.unit_id}, programme", [unit.programme], self._programmes)
            self.known(file, f"{unit.unit_id}, base", filter(None, [unit.base]), places)
            if not unit.crew:
                self._findings.add(file, f"{unit.unit_id}, crew", "nobody is aboard", "disciplines, separated by ;")

    def places(self) -> None:
        self.unique("places.csv", "name", (place.name for place in self._agency.places))
        for place in self._agency.places:
            self._on_earth("places.csv", place.name, place.latitude, place.longitude)

    def eligibility(self, criteria: Mapping[ProgrammeCode, Criteria]) -> None:
        file, facts = "eligibility.yaml", self._agency.facts
        self.known(file, "facts_shown", self._agency.facts_shown, facts)
        self.known(file, "criteria", criteria, self._programmes)
        for name, fact in facts.items():
            if NOT_KNOWN in fact.values:
                what = f"{NOT_KNOWN} is listed"
                self._findings.add(file, f"facts.{name}.values", what, "every fact has it already; leave it out")
        for code, each in criteria.items():
            self.known(file, f"criteria.{code}.needs", each.needs, facts)
            for kind, rules in (("deny", each.deny), ("admit", each.admit), ("waive", each.waive)):
                self._rules(file, f"criteria.{code}.{kind}", rules)
        self._rules(file, "never_unarmed", self._agency.never_unarmed)
        for i, recode in enumerate(self._agency.recode_when):
            self.known(file, f"recode_when[{i}].nature", [recode.nature], self._agency.natures)
            self._findings.take(file, unknown_in(self._agency, f"recode_when[{i}].when", recode.when))
        for flag, told in self._agency.flags.items():
            for told_fact, value in told.items():
                self._findings.take(file, unknown_fact(self._agency, f"flags.{flag}", told_fact, value))

    def _rules(self, file: str, place: str, rules: Iterable[Rule]) -> None:
        for i, rule in enumerate(rules):
            self._findings.take(file, unknown_in(self._agency, f"{place}[{i}].when", rule.when))

    def known(self, file: str, place: str, used: Iterable[str], known: Iterable[str]) -> None:
        known = list(known)
        for name in used:
            if name not in known:
                self._findings.add(file, place, f"{name!r} is not known", listed(known))

    def _on_earth(self, file: str, place: str, latitude: float, longitude: float) -> None:
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            what = f"{latitude:g}, {longitude:g} is not on this world"
            self._findings.add(file, place, what, "latitude -90 to 90, longitude -180 to 180")
