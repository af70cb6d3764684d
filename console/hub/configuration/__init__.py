"""The folder of a center's configuration, read whole into one `Agency`, or refused with every finding there is.

Protocols are apart: one that cannot be used need not keep the rest from being read, as an earlier one may take its place.
"""

import json
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from console.domain.agency import Agency, KnownPlace, Recode, RosterUnit
from console.domain.conditions import Rule
from console.domain.ids import FactName, ProgrammeCode
from console.domain.natures import catalogue, family, naming_families
from console.domain.programmes import Criteria, Programme
from console.domain.triage.check.screening import screener_faults
from console.domain.triage.protocol import Fact
from console.domain.triage.screener import Screener
from console.hub.configuration.checks import check
from console.hub.configuration.configured import Configuration
from console.hub.configuration.findings import ConfigurationFaulty, Findings
from console.hub.configuration.formats import text_of, toml, yaml_file
from console.hub.configuration.natures import read_natures
from console.hub.configuration.protocols import read_protocols
from console.hub.configuration.reading import FAULTY, Reader
from console.hub.configuration.rows import CODES, WORDS, rows

_ELSEWHERE = (
    "programmes", "natures", "facts", "facts_shown", "never_unarmed", "recode_when", "flags", "protocols", "units", "places",
    "areas", "basemap", "screener", "switch", "refused",
)  # fmt: skip
"""Fields of `Agency` that stand in files of their own, or are read piece by piece."""


_SCREENER = "screener.yaml"


class _Eligibility(Struct, frozen=True, forbid_unknown_fields=True):
    """The shape of eligibility.yaml."""

    facts: dict[FactName, Fact]
    criteria: dict[ProgrammeCode, Criteria] = {}
    facts_shown: tuple[FactName, ...] = ()
    never_unarmed: tuple[Rule, ...] = ()
    recode_when: tuple[Recode, ...] = ()
    flags: dict[str, dict[FactName, str]] = {}


def load(folder: Path) -> Agency:
    """The agency of a folder, every protocol sound in form. Raises `ConfigurationFaulty` with all findings."""
    configuration = read(folder)
    if faults := configuration.ill_formed():
        raise ConfigurationFaulty(configuration.lines(faults))
    return configuration.agency


def read(folder: Path) -> Configuration:
    """Read `agency.toml`, `eligibility.yaml`, both files of natures, `units.csv`, `places.csv`, `protocols/`, `areas/` ...

    Protocols that cannot be used stand in the configuration with their findings. Anything else that is wrong raises
    `ConfigurationFaulty` with all there is: first faults of form, then, once every file can be read, those of sense.
    """
    findings = Findings()
    if not folder.is_dir():
        raise ConfigurationFaulty([f"{folder}: this is not a folder; name the one that holds agency.toml"])
    plain, programmes = _agency(folder, findings)
    eligibility = _eligibility(folder, findings)
    natures = read_natures(folder, findings)
    units = rows(folder, "units.csv", RosterUnit, findings, {"crew": WORDS, "languages": CODES})
    places = rows(folder, "places.csv", KnownPlace, findings, {})
    areas, basemap = _areas(folder, findings), _basemap(folder, findings)
    screener = _screener(folder, findings)
    protocols = read_protocols(folder)
    if findings.found:
        raise ConfigurationFaulty((*findings.lines, *(finding.line for file in protocols for finding in file.findings)))
    files = tuple(sorted(protocols, key=lambda file: file.id != plain.get("default_protocol")))
    unreadable = {file.id for file in files if file.findings}
    agency = Agency(
        **plain,
        programmes=tuple(
            Programme(**each, criteria=eligibility.criteria.get(each["code"], Criteria())) for each in programmes
        ),
        natures={nature.code: nature for nature in catalogue(natures.bases, natures.modifiers)},
        facts=eligibility.facts,
        facts_shown=eligibility.facts_shown,
        never_unarmed=eligibility.never_unarmed,
        recode_when=eligibility.recode_when,
        flags=eligibility.flags,
        protocols=tuple(file.protocol for file in files if file.protocol is not None and file.id not in unreadable),
        units=tuple(units),
        places=tuple(places),
        areas=areas,
        basemap=basemap,
        screener=screener,
    )
    if screener is not None:
        findings.take(_SCREENER, screener_faults(screener, agency.languages))
    check(agency, natures, eligibility.criteria, None if unreadable else [file.id for file in files], findings)
    configuration = Configuration(_with_families_named(agency), folder, files)
    if findings.found:
        raise ConfigurationFaulty((*findings.lines, *configuration.lines(configuration.ill_formed())))
    return configuration


def _with_families_named(agency: Agency) -> Agency:
    """The agency whose rules, where they name a base nature, name those that were made from it too."""
    families = family(agency.natures.values())
    rules = ("programmes", "protocols", "never_unarmed", "recode_when", "skills", "recommend")
    return replace(agency, **{name: naming_families(getattr(agency, name), families) for name in rules})


def _agency(folder: Path, findings: Findings) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    value, reader = toml(folder / "agency.toml", "agency.toml", findings)
    if value is FAULTY:
        return {}, []
    listed = value.pop("programmes", [])
    plain = reader.fields(value, Agency, without=_ELSEWHERE)
    if not isinstance(listed, list) or not listed:
        reader.fault(("programmes",), "no programme is configured", "write at least one [[programmes]]")
        return plain, []
    return plain, [reader.fields(each, Programme, ("programmes", i), without=("criteria",)) for i, each in enumerate(listed)]


def _eligibility(folder: Path, findings: Findings) -> _Eligibility:
    value, reader = yaml_file(folder / "eligibility.yaml", "eligibility.yaml", findings)
    found = FAULTY if value is FAULTY else reader.read(value, _Eligibility)
    return _Eligibility({}) if found is FAULTY else found


def _screener(folder: Path, findings: Findings) -> Screener | None:
    """The clinicians' screener; None where the center has none."""
    if not (folder / _SCREENER).is_file():
        return None
    value, reader = yaml_file(folder / _SCREENER, _SCREENER, findings)
    found = FAULTY if value is FAULTY else reader.read(value, Screener)
    return None if found is FAULTY else found


def _areas(folder: Path, findings: Findings) -> dict[str, str]:
    """The text of each area file by its name without the ending."""
    kinds = ("FeatureCollection", "Feature", "Polygon", "MultiPolygon")
    paths = sorted((folder / "areas").glob("*.geojson"))
    texts = {path.stem: _geojson(path, f"areas/{path.name}", kinds, findings) for path in paths}
    return {name: text for name, text in texts.items() if text is not None}


def _basemap(folder: Path, findings: Findings) -> str:
    """The text of the map's base layer; "" where the center has none."""
    path = folder / "basemap.geojson"
    return (_geojson(path, path.name, ("FeatureCollection",), findings) or "") if path.is_file() else ""


def _geojson(path: Path, name: str, kinds: tuple[str, ...], findings: Findings) -> str | None:
    """The text of a GeoJSON file of one of these kinds; None with a finding."""
    text = text_of(path, name, findings)
    if text is None:
        return None
    try:
        kind = json.loads(text)["type"]
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        findings.add(name, place, error.msg[:1].lower() + error.msg[1:], "write it as GeoJSON (RFC 7946)")
        return None
    except (TypeError, KeyError):
        kind = None
    if kind not in kinds:
        findings.add(name, "type", f"{kind!r} is not what stands in it", f"allowed: {', '.join(kinds)}")
        return None
    return text


__all__ = ["Configuration", "ConfigurationFaulty", "Reader", "load", "read"]
