"""A track as GPX 1.1: segments where the unit was, and waypoints where it was said to be and cannot have been."""

import itertools
from collections.abc import Iterable
from datetime import timedelta
from xml.etree.ElementTree import Element, SubElement

from gpxpy.gpx import GPX, GPXTrack, GPXTrackPoint, GPXTrackSegment, GPXWaypoint
from msgspec import Struct

from console.domain.ids import UnitId
from console.hub.thinning import Trace

GAP = timedelta(minutes=5)
"""Nothing heard for longer than this: nobody knows which way the unit took, so no line is drawn."""
_CREATOR = "HEART console"
_PREFIX, _SPACE = "gpxtpx", "http://www.garmin.com/xmlschemas/TrackPointExtension/v2"
"""GPX 1.1 itself has neither speed (metres a second there) nor course; this extension is what other programs read."""
_KM_H = 3.6


class Gpx(Struct, frozen=True):
    """The text, and what is in it."""

    xml: str
    points: int
    segments: int
    jumps: int


def gpx(unit_id: UnitId, traces: Iterable[Trace]) -> Gpx:
    """The GPX of a unit's fixes, given in the order of their times; one that was kept twice is there once."""
    made, track = GPX(), GPXTrack(name=_printable(unit_id))
    made.creator, made.nsmap = _CREATOR, {_PREFIX: _SPACE}
    made.tracks.append(track)
    points, last = 0, None
    for trace in _once(traces):
        if trace.jump:
            made.waypoints.append(_waypoint(trace))
            continue
        if last is None or trace.fix_at - last.fix_at > GAP:
            track.segments.append(GPXTrackSegment())
        track.segments[-1].points.append(_point(trace))
        points, last = points + 1, trace
    return Gpx(made.to_xml(version="1.1"), points, len(track.segments), len(made.waypoints))


def _once(traces: Iterable[Trace]) -> Iterable[Trace]:
    same = itertools.groupby(traces, lambda t: (t.fix_at, t.latitude, t.longitude, t.jump))
    return (next(group) for _, group in same)


def _point(trace: Trace) -> GPXTrackPoint:
    point = GPXTrackPoint(trace.latitude, trace.longitude, time=trace.fix_at)
    point.source = _printable(trace.source) or None
    if trace.speed_km_h is not None or trace.course is not None:
        extension = Element(f"{{{_SPACE}}}TrackPointExtension")
        if trace.speed_km_h is not None:
            SubElement(extension, f"{{{_SPACE}}}speed").text = f"{trace.speed_km_h / _KM_H:.2f}"
        if trace.course is not None:
            SubElement(extension, f"{{{_SPACE}}}course").text = f"{trace.course:.1f}"
        point.extensions.append(extension)
    return point


def _waypoint(trace: Trace) -> GPXWaypoint:
    point = GPXWaypoint(trace.latitude, trace.longitude, time=trace.fix_at, name=f"jump of {_printable(trace.unit_id)}")
    point.description = "A position that the unit cannot have reached; not part of its track."
    point.source = _printable(trace.source) or None
    return point


def _printable(text: str) -> str:
    """XML has no place for control characters, which a device may have sent."""
    return "".join(character for character in text if character.isprintable())
