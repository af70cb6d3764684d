"use strict";
/* What lies between the ground and the live symbols: the center's own layers, the ground that is reached in time, where
   units have been, how far off a caller may be, and the spot where a call would be put. All of it Leaflet shapes. */

const overlays = (function () {
  const BAND_FILL = [0.22, 0.14, 0.08, 0.05];
  let layerNames = [], trailNames = []; // {text, size, zoom, spot, spots}, as base.js has them
  let map = null, theme = null, scale = 1, inks = {}, bands = null, layers = null, trails = null, guess = null;
  const circles = new Map(), legend = document.createElement("div"), cross = document.createElement("div");
  let shown = {bands: [], words: "", layers: [], trails: [], guess: null};

  function open(onMap) {
    map = onMap;
    for (const [name, depth] of [["bands", 217], ["layers", 225], ["trails", 410]]) {
      map.createPane(name).style.zIndex = depth;
      map.getPane(name).style.pointerEvents = "none";
      inks[name] = L.canvas({pane: name, padding: 0.3});
    }
    legend.id = "bands"; cross.id = "cross";
    document.body.append(legend, cross);
  }

  function style(pane, more) { return {renderer: inks[pane], pane, interactive: false, ...more}; }

  function world(latitude, longitude) {
    const point = map.project([latitude, longitude], 0);
    return [point.x, point.y];
  }

  /* The largest area first, so that the nearer lies on it. */
  function drawBands() {
    if (bands) bands.remove();
    bands = L.featureGroup(shown.bands.map((band, i) => L.geoJSON(JSON.parse(band.geojson), style("bands", {
      style: {color: theme.teal, weight: 1, opacity: 0.5, fillColor: theme.teal, fillOpacity: BAND_FILL[Math.min(i, BAND_FILL.length - 1)]},
    }))).reverse()).addTo(map);
  }

  function drawLegend() {
    legend.style.color = theme.muted;
    legend.style.background = theme.ground;
    legend.replaceChildren(...(shown.words ? [shown.words] : []));
    legend.style.display = shown.words ? "block" : "none";
  }

  /* Outlines, each with its label in the middle of what it encloses. */
  function drawLayers() {
    if (layers) layers.remove();
    layerNames = [];
    layers = L.featureGroup(shown.layers.map((layer) => L.geoJSON(JSON.parse(layer.geojson), style("layers", {
      style: {color: theme.muted, weight: 1.1, opacity: 0.65, fill: false},
      pointToLayer: (feature, latlng) => L.circleMarker(latlng, style("layers", {radius: 2.5, color: theme.muted})),
      onEachFeature: (feature, drawn) => {
        const label = feature.properties && feature.properties.label;
        if (!label || !drawn.getBounds) return;
        const box = drawn.getBounds(), middle = box.getCenter();
        const wide = world(0, box.getEast())[0] - world(0, box.getWest())[0];
        // Named once the outline is some 60 pixels wide.
        layerNames.push({text: String(label), size: 11, zoom: Math.log2(60 / Math.max(wide, 1e-9)), spot: "", spots: [[...world(middle.lat, middle.lng), 0, 0], [...world(middle.lat, middle.lng), 0, 1]]});
      },
    })))).addTo(map);
  }

  /* When each trail begins, where it does. */
  function nameTrails() {
    trailNames = [];
    for (const trail of shown.trails) {
      const first = (trail.lines[0] || [])[0];
      if (first) trailNames.push({text: trail.name, size: 11, zoom: 0, spot: "", spots: [[...world(...first), 0.55, 0], [...world(...first), -0.55, 0], [...world(...first), 0, 1]]});
    }
  }

  function drawTrails() {
    if (trails) trails.remove();
    const parts = [];
    for (const trail of shown.trails) {
      const colour = theme[trail.colour] || theme.muted;
      for (const line of trail.lines) {
        parts.push(L.polyline(line, style("trails", {color: theme.ground, weight: 6, opacity: 0.6})));
        parts.push(L.polyline(line, style("trails", {color: colour, weight: 2.6, opacity: 0.9})));
      }
      for (const [latitude, longitude] of trail.jumps) {
        parts.push(L.marker([latitude, longitude], {pane: "trails", interactive: false, keyboard: false,
          icon: L.divIcon({className: "jump", html: "×", iconSize: [16, 16]})}));
      }
    }
    trails = L.featureGroup(parts).addTo(map);
    nameTrails();
  }

  function drawGuess() {
    if (guess) { guess.remove(); guess = null; }
    if (!shown.guess) return;
    guess = L.circleMarker([shown.guess.latitude, shown.guess.longitude], style("trails", {radius: 13 * scale, color: theme.text, weight: 2, dashArray: "3 3", fill: false})).addTo(map);
  }

  /* How far off a caller may be, in metres around where the call is drawn. */
  function uncertain(calls) {
    for (const [id, circle] of circles) if (!calls.has(id) || !calls.get(id).radius_m) { circle.remove(); circles.delete(id); }
    for (const call of calls.values()) {
      if (!call.radius_m) continue;
      const at = [call.latitude, call.longitude], drawn = circles.get(call.id);
      if (drawn) drawn.setLatLng(at).setRadius(call.radius_m);
      else circles.set(call.id, L.circle(at, style("trails", {radius: call.radius_m, color: theme.muted, weight: 1.4, dashArray: "4 4", fillColor: theme.muted, fillOpacity: 0.08})).addTo(map));
    }
  }

  function paint(look) {
    theme = look.theme; scale = look.scale;
    for (const circle of circles.values()) circle.setStyle({color: theme.muted, fillColor: theme.muted});
    cross.style.color = theme.text;
    document.documentElement.style.setProperty("--jump", theme.muted);
    drawBands(); drawLegend(); drawLayers(); drawTrails(); drawGuess();
  }

  /* Take what a patch says of all this; says whether anything of it is to be drawn anew. */
  function take(patch) {
    const before = shown;
    shown = {...shown};
    if (patch.bands !== undefined) shown.bands = patch.bands;
    if (patch.legend !== undefined) shown.words = patch.legend;
    if (patch.layers !== undefined) shown.layers = patch.layers;
    if (patch.trails !== undefined) shown.trails = patch.trails;
    if (patch.guess !== undefined) shown.guess = patch.guess;
    if (patch.aims !== undefined) cross.style.display = patch.aims ? "flex" : "none";
    if (!theme) return;
    if (shown.bands !== before.bands) drawBands();
    if (shown.words !== before.words) drawLegend();
    if (shown.trails !== before.trails) drawTrails();
    if (shown.layers !== before.layers) drawLayers();
    if (shown.guess !== before.guess) drawGuess();
  }

  /* What is named between the ground and the symbols. */
  function names() { return [...layerNames, ...trailNames]; }

  function report() {
    return {bands: shown.bands.length, legend: legend.textContent, layers: layers ? layers.getLayers().length : 0, trails: shown.trails.length,
            circles: circles.size, names: names().map((name) => name.text), aims: cross.style.display === "flex", guess: shown.guess};
  }

  return {open, paint, take, uncertain, report, names};
})();
