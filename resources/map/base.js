"use strict";
/* The ground: the center's own tiles where it has them, and below them the agency's schematic GeoJSON, its roads and water
   as smooth Leaflet lines, with the names that go with them. */

const base = (function () {
  const WIDTHS = {freeway: 3.2, artery: 2.2, street: 1.4};
  const FROM_ZOOM = {freeway: 10, artery: 12, street: 13};
  const ALONG = [0.5, 0.35, 0.65, 0.22, 0.78, 0.1, 0.9];
  // Where a name may stand, as shifts in widths and heights of itself: beside its dot, or around the middle of its district.
  const BESIDE = [[0.5, 0], [-0.5, 0], [0, 0.7], [0, -0.7]], AROUND = [[0, 0], [0, -0.9], [0, 0.9], [0.5, 0], [-0.5, 0]];
  const lines = [];
  const names = []; // {text, size, zoom it shows from, spot: kind of dot, spots: [[x, y] at zoom 0, shift x, shift y] ...}
  const SCHEMATIC = "schematic, not to scale", HOLES = "some of the map cannot be had now: schematic there, not to scale";
  const SMALLER = 2, LARGER = 4; // zooms beyond its own at which a tile is still shown, as a quarter or 16 times as large
  let map = null, renderer = null, bounds = null, theme = null;
  let ground = null, told = null, failed = new Map(); // the grid layer, what it was told, and tiles that could not be had

  /* Points on the Catmull-Rom curve through `points` ([longitude, latitude] ...), as latitude and longitude. */
  function smooth(points, steps = 10) {
    const out = [];
    for (let i = 0; i + 1 < points.length; i++) {
      const p = [points[Math.max(i - 1, 0)], points[i], points[i + 1], points[Math.min(i + 2, points.length - 1)]];
      for (let k = 0; k < steps; k++) out.push(curve(p, k / steps));
    }
    out.push([points.at(-1)[1], points.at(-1)[0]]);
    return out;
  }

  function curve(p, t) {
    return [1, 0].map((axis) => {
      const [a, b, c, d] = p.map((point) => point[axis]);
      return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t * t * t);
    });
  }

  function world(latitude, longitude) {
    const point = map.project([latitude, longitude], 0);
    return [point.x, point.y];
  }

  function add(feature) {
    const {kind, name, label, rank} = feature.properties, points = feature.geometry.coordinates;
    if (feature.geometry.type === "Point") {
      const spot = kind === "landmark" || kind === "care" ? kind : "", at = world(points[1], points[0]);
      names.push({text: name, size: rank === 1 ? 13 : 12, zoom: [0, 10, 11, 13][rank], spot, spots: spot ? BESIDE.map((by) => [...at, ...by]) : AROUND.map((by) => [...at, ...by])});
      return;
    }
    const curve = smooth(points), road = feature.properties.class;
    const line = L.polyline(curve, {renderer, interactive: false, smoothFactor: 0.5, lineCap: "round", weight: WIDTHS[road] || feature.properties.width});
    line.token = kind === "water" ? "water" : road === "freeway" ? "road_major" : "road";
    lines.push(line.addTo(map));
    bounds.extend(line.getBounds());
    const spots = ALONG.map((part) => [...world(...curve[Math.round(part * (curve.length - 1))]), 0, 0]);
    names.push({text: label, size: 11, zoom: FROM_ZOOM[road] || 11, spot: "", spots, schematic: true});
  }

  /* Draw these features on the map, in place of any before; water first, streets before freeways. */
  function load(onMap, features) {
    map = onMap;
    canvas();
    for (const line of lines.splice(0)) line.remove();
    names.length = 0;
    bounds = L.latLngBounds([]);
    const order = (f) => f.properties.kind === "water" ? 0 : {street: 1, artery: 2, freeway: 3}[f.properties.class] || 4;
    features.slice().sort((a, b) => order(a) - order(b)).forEach(add);
    names.sort((a, b) => a.zoom - b.zoom);
    if (theme) paint(theme);
    say();
  }

  /* The canvas of the schematic: what lies on it and stands still may be drawn on it too, as long as no tiles cover it. Each
     canvas more is blended anew whenever a unit moves. */
  function canvas() { return renderer = renderer || L.canvas({pane: "base", padding: 0.3}); }

  function paint(colours) {
    theme = colours;
    for (const line of lines) line.setStyle({color: theme[line.token]});
  }

  /* ---- tiles ---- */

  /* Lay these tiles on the ground in place of any before; null for none. */
  function tile(onMap, wanted) {
    map = onMap;
    if (told && wanted && wanted.url === told.url) { // the same tiles: those that failed are asked for once more
      told = wanted;
      for (const [key, image] of [...failed]) image.src = `${address(told.url, ...key.split(" "))}?again=${wanted.attempt || 0}`;
      return;
    }
    if (ground) ground.remove();
    ground = null;
    told = wanted;
    failed = new Map();
    if (told) ground = layer(told).addTo(map);
    say();
  }

  function address(url, z, x, y) {
    return L.Util.template(url, {z, x, y});
  }

  function layer({url, size, min_zoom, max_zoom, bounds: [west, south, east, north]}) {
    if (!map.getPane("tiles")) {
      map.createPane("tiles").style.zIndex = 215;
      map.getPane("tiles").style.pointerEvents = "none";
      map.on("zoomend", say);
      map._fadeAnimated = false; // a tile that comes is there at once: fading costs a drawing of everything at each step
    }
    const offset = size === 512 ? -1 : 0;
    const made = L.tileLayer(url, {
      pane: "tiles", tileSize: size, zoomOffset: offset, minNativeZoom: min_zoom - offset, maxNativeZoom: max_zoom - offset,
      minZoom: min_zoom - offset - SMALLER, maxZoom: max_zoom - offset + LARGER, bounds: [[south, west], [north, east]], noWrap: true, updateWhenZooming: false, className: "ground",
    });
    const key = (coords) => [coords.z + offset, coords.x, coords.y].join(" ");
    made.on("tileerror", ({coords, tile: image}) => { failed.set(key(coords), image); say(); });
    made.on("tileload tileunload", ({coords}) => { if (failed.delete(key(coords))) say(); });
    return made;
  }

  /* Whether the tiles are the ground at this zoom. */
  function covers() {
    const zoom = map ? Math.round(map.getZoom()) : 0;
    return !!ground && zoom >= ground.options.minZoom && zoom <= ground.options.maxZoom;
  }

  /* Who made the ground that is seen, and whether some of it is missing. */
  function say() {
    const words = covers() ? [told.attribution, failed.size && lines.length ? HOLES : ""] : [lines.length ? SCHEMATIC : ""];
    document.getElementById("legend").textContent = words.filter(Boolean).join(" · ");
  }

  /* The names beside the live layer: of the schematic's roads only where it is the ground. */
  function shown() {
    return covers() ? names.filter((name) => !name.schematic) : names;
  }

  return {load, paint, tile, shown, lines, canvas, bounds: () => bounds, tiles: () => ({told, failed: failed.size, there: ground ? Object.values(ground._tiles).filter((t) => t.loaded).length - failed.size : 0})};
})();
