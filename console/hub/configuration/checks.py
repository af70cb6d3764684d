"""Whether a configuration makes sense as a whole: every name that is used exists, and every text is there to be read."""

from collections import Counter
from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from console.domain.agency import Agency
from console.domain.conditions import NOT_KNOWN, Condition, Rule
from console.domain.ids import ProgrammeCode
from console.domain.programmes import Criteria, Programme
from console.domain.state import PRIORITIES, Source
from console.domain.triage.protocol import Protocol, Question
from console.hub.configuration.findings import Findings, listed
from console.hub.configuration.natures import NatureFiles, check_natures
from console.hub.configuration.protocols import ProtocolFile


def check(
    agency: Agency,
    natures: NatureFiles,
    criteria: Mapping[ProgrammeCode, Criteria],
    protocols: Mapping[str, ProtocolFile],
    findings: Findings,
) -> None:
    """Note everything that does not fit together. `natures` as their files say them, so that a code given twice is seen."""
    checks = _Checks(agency, findings)
    checks.agency_file()
    for place, programme in enumerate(agency.programmes):
        checks.programme(f"programmes[{place}]", programme)
    check_natures(agency, natures, checks.known, findings)
    checks.units()
    checks.places()
    checks.eligibility(criteria)
    files: dict[str, str] = {}
    for file, each in protocols.items():
        first = files.setdefault(each.protocol.id, file)
        if first != file:
            findings.add(file, "id", f"{each.protocol.id!r} is the id of {first} already", "another id, or one file less")
    defaults = filter(None, [agency.default_protocol])
    checks.known("agency.toml", "default_protocol", defaults, (each.id for each in agency.protocols))
    for file, each in protocols.items():
        checks.protocol(file, each)


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
            if getattr(agency, name) <= 0:
                add(file, name, f"{getattr(agency, name)} is no span of time", "expected more than 0")
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
            self._condition(file, f"recode_when[{i}].when", recode.when)
        for flag, told in self._agency.flags.items():
            for told_fact, value in told.items():
                self._fact(file, f"flags.{flag}", told_fact, [value])

    def _rules(self, file: str, place: str, rules: Iterable[Rule]) -> None:
        for i, rule in enumerate(rules):
            self._condition(file, f"{place}[{i}].when", rule.when)

    def protocol(self, file: str, read: ProtocolFile) -> None:
        protocol = read.protocol
        self.known(file, "languages", protocol.languages, self._agency.languages)
        if not protocol.languages or not protocol.questions:
            self._findings.add(file, "", "a protocol without languages or questions", "at least one of each")
        for question in protocol.questions:
            self._question(read.written_in[question.id], protocol, question)
        codes = [*self._programmes, *self._services]
        for i, proposal in enumerate(protocol.proposals):
            self.known(file, f"proposals[{i}].propose", [proposal.propose], codes)
            self.known(file, f"proposals[{i}].along", proposal.along, codes)
            self._condition(file, f"proposals[{i}].when", proposal.when)
        self.known(file, "sources", protocol.sources, [source.value for source in Source])
        if protocol.limit < 1:
            self._findings.add(file, "limit", f"{protocol.limit} questions at most", "1 or more")

    def _question(self, file: str, protocol: Protocol, question: Question) -> None:
        at = f"question {question.id}"
        self._texts(file, at, question.text, protocol)
        self._condition(file, f"{at}, ask_when", question.ask_when)
        if question.ask_unless is not None:
            self._condition(file, f"{at}, ask_unless", question.ask_unless)
        self.unique(file, f"{at}, answers: key", (answer.key for answer in question.answers))
        if question.again:
            self._texts(file, f"{at}, again", question.again, protocol)
        if not question.answers:
            self._findings.add(file, at, "it has no answers", "one to ten answers, each with a digit as its key")
        for answer in question.answers:
            here = f"{at}, answer {answer.key}"
            if answer.key not in "0123456789" or len(answer.key) != 1:
                self._findings.add(file, f"{here}, key", f"{answer.key!r} is not a digit", "allowed: 0 to 9")
            self._texts(file, here, answer.text, protocol)
            if answer.instruction:
                self._texts(file, f"{here}, instruction", answer.instruction, protocol)
            for fact, value in answer.sets.items():
                self._fact(file, f"{here}, sets", fact, [value])

    def _texts(self, file: str, place: str, text: Mapping[str, str], protocol: Protocol) -> None:
        for language in protocol.languages:
            if not text.get(language, "").strip():
                self._findings.add(file, place, f"it has no words in {language!r}", "a text in each declared language")
        self.known(file, place, text, protocol.languages)

    def _condition(self, file: str, place: str, condition: Condition) -> None:
        self.known(file, f"{place}.priority", condition.priority, PRIORITIES)
        self.known(file, f"{place}.source", condition.source, [source.value for source in Source])
        self.known(file, f"{place}.nature", condition.nature, self._agency.natures)
        for fact, values in condition.facts.items():
            self._fact(file, f"{place}.facts", fact, values)

    def _fact(self, file: str, place: str, fact: str, values: Iterable[str]) -> None:
        known = {str(name): each for name, each in self._agency.facts.items()}
        if fact in known:
            self.known(file, f"{place}.{fact}", values, [*known[fact].values, NOT_KNOWN])
        else:
            self._findings.add(file, place, f"{fact!r} is not a fact", listed(known))

    def known(self, file: str, place: str, used: Iterable[str], known: Iterable[str]) -> None:
        known = list(known)
        for name in used:
            if name not in known:
                self._findings.add(file, place, f"{name!r} is not known", listed(known))

    def _on_earth(self, file: str, place: str, latitude: float, longitude: float) -> None:
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            what = f"{latitude:g}, {longitude:g} is not on this world"
            self._findings.add(file, place, what, "latitude -90 to 90, longitude -180 to 180")
