"use strict";
/* The live layer of the map and what the desk may ask of it: desk.push(patch) changes what is shown, desk.report() says
   what is drawn. Units, calls and all names share one canvas: no element of the document is touched when a unit moves. */

const desk = (function () {
  const map = window.map_desk;
  const units = new Map(), calls = new Map();
  const NEAR_KM = 60; // a unit whose receiver says it is on another continent does not decide what "fit" shows
  const CALLS_NAMED_FROM = 13; // zoom from which a call that waits for nobody has its number beside it; before, on hovering
  let theme = null, scale = 1, bridge = null, showsUnits = true, showsCalls = true;
  let view = {mode: "fit", call: "", unit: ""}, mark = ["", ""], aims = false, fitted = {}, moving = false;
  let areas = null, areaTexts = [], areaInk = null, areaBounds = null, showsAreas = true, ranked = null, hovered = null, drawn = [], waiting = 0, draws = 0, pushed = false, told = false;

  for (const [name, depth] of [["base", 210], ["areas", 220], ["live", 420]]) {
    map.createPane(name).style.zIndex = depth;
    map.getPane(name).style.pointerEvents = "none";
  }

  overlays.open(map);

  const Sheet = L.Renderer.extend({
    options: {pane: "live", padding: 0.12},
    _initContainer() {
      this._container = document.createElement("canvas");
      this.pen = this._container.getContext("2d");
    },
    _destroyContainer() { this._container.remove(); this._container = null; },
    _update() {
      if (this._map._animatingZoom && this._bounds) return;
      L.Renderer.prototype._update.call(this);
      L.DomUtil.setPosition(this._container, this._bounds.min);
      draw();
    },
  });
  const sheet = new Sheet();

  /* ---- drawing ---- */

  function later() {
    if (!waiting) waiting = requestAnimationFrame(() => { waiting = 0; draw(); });
  }

  /* Rectangles taken so far, in squares of 64 pixels, so that a test looks only at its neighbors. */
  class Taken {
    constructor() { this.squares = new Map(); }
    add(box) {
      for (let x = box[0] >> 6; x <= box[2] >> 6; x++) {
        for (let y = box[1] >> 6; y <= box[3] >> 6; y++) {
          const there = this.squares.get(x * 4096 + y);
          if (there) there.push(box); else this.squares.set(x * 4096 + y, [box]);
        }
      }
    }
    free(box, own, oversoft) {
      const [west, north, east, south] = box;
      for (let x = west >> 6; x <= east >> 6; x++) {
        for (let y = north >> 6; y <= south >> 6; y++) {
          const there = this.squares.get(x * 4096 + y);
          if (!there) continue;
          for (let i = there.length - 1; i >= 0; i--) {
            const b = there[i];
            if (b !== own && b[0] < east && b[2] > west && b[1] < south && b[3] > north && !(oversoft && b.soft)) return false;
          }
        }
      }
      return true;
    }
    /* How many square pixels of what may not be covered lie under a rectangle. */
    under(box, own) {
      let covered = 0;
      for (const there of new Set([].concat(...this.squares.values()))) {
        if (there === own || there.soft) continue;
        const wide = Math.min(box[2], there[2]) - Math.max(box[0], there[0]), high = Math.min(box[3], there[3]) - Math.max(box[1], there[1]);
        if (wide > 0 && high > 0) covered += wide * high;
      }
      return covered;
    }
  }

  const SIDES = [
    (x, y, r, w, h) => [x + r, y - h / 2], (x, y, r, w, h) => [x - r - w, y - h / 2],
    (x, y, r, w, h) => [x - w / 2, y + r - 2], (x, y, r, w, h) => [x - w / 2, y - r - h + 2],
    (x, y, r, w, h) => [x + r / 2, y - r / 2 - h + 2], (x, y, r, w, h) => [x + r / 2, y + r / 2 - 2],
    (x, y, r, w, h) => [x - r / 2 - w, y - r / 2 - h + 2], (x, y, r, w, h) => [x - r / 2 - w, y + r / 2 - 2],
  ];

  function place(world) {
    const point = map.project([world.latitude, world.longitude], 0);
    world.x = point.x; world.y = point.y;
    return world;
  }

  function marked(item) { return item.id === mark[1] && (mark[0] === "call") === !!item.call; }

  function rank() {
    const worth = (i) => i === hovered || marked(i) ? 0 : i.chosen ? 1 : i.backup ? 2 : i.target ? 3 : i.call ? (i.tone ? 5 : 7) : i.stale ? 6 : 4;
    ranked = [...(showsCalls ? calls.values() : []), ...(showsUnits ? units.values() : [])];
    ranked.forEach((item) => { item.worth = worth(item); });
    ranked.sort((a, b) => a.worth - b.worth);
    return ranked;
  }

  function style(item) {
    if (item.call) return item.chosen ? ["text", 14, true] : [item.tone === "past" ? "alarm" : item.tone === "due" ? "due" : "muted", 12, false];
    return item.backup ? ["alarm", 13, true] : item.stale ? ["muted", 13, false] : ["text", 13, false];
  }

  function draw() {
    if (!theme || !sheet._bounds) return;
    const ratio = window.devicePixelRatio || 1, bounds = sheet._bounds, size = bounds.getSize(), canvas = sheet._container, pen = sheet.pen;
    const wide = Math.round(size.x * ratio), high = Math.round(size.y * ratio);
    if (canvas.width !== wide || canvas.height !== high) {
      canvas.width = wide; canvas.height = high;
      canvas.style.width = size.x + "px"; canvas.style.height = size.y + "px";
    }
    ink.sharpen(ratio);
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, wide, high);
    draws += 1;
    const zoom = map.getZoom(), grow = map.getZoomScale(zoom, 0), origin = map.getPixelOrigin().add(bounds.min);
    const corner = map.containerPointToLayerPoint([0, 0]).subtract(bounds.min), pane = map.getSize();
    const within = (x0, y0, x1, y1) => x0 >= corner.x && y0 >= corner.y && x1 <= corner.x + pane.x && y1 <= corner.y + pane.y;
    const taken = new Taken(), labels = [], symbols = [];
    let soft = false;
    const copy = (picture, x, y) => pen.drawImage(picture.canvas, Math.round(x * ratio), Math.round(y * ratio));
    drawn = [];

    for (const item of ranked || rank()) {
      const x = item.x * grow - origin.x, y = item.y * grow - origin.y;
      item.px = x; item.py = y;
      item.seen = x > -40 && y > -40 && x < size.x + 40 && y < size.y + 40;
      if (!item.seen) continue;
      const picture = item.call ? ink.call(item) : item.shape === "none" ? null : ink.unit(item);
      if (!picture) continue;
      const half = picture.width / 2;
      symbols.push([picture, x - half, y - half]);
      item.box = [x - half + 3, y - half + 3, x + half - 3, y + half - 3];
      item.box.soft = item.worth === 7; // words of what matters more may cover a call that waits for nobody
      soft ||= item.box.soft;
      taken.add(item.box);
      drawn.push(item);
    }
    for (const item of drawn) {
      item.labelled = null; item.said = "";
      if (item.worth === 7 && zoom < CALLS_NAMED_FROM) continue;
      // A unit whose words find no room still says which one it is.
      for (const words of item.call || item.label === item.id ? [item.label] : [item.label, item.id]) {
        const named = beside(item, words, taken, within, false) || (soft && item.worth < 7 && beside(item, words, taken, within, true))
          || (item.worth <= 2 && inside(item, words, taken, corner, pane));
        if (!named) continue;
        item.side = named.side; item.labelled = named.box; item.said = words;
        taken.add(named.box); labels.push(named.drawing);
        break;
      }
      if (!item.labelled) item.side = 0;
    }
    for (const name of [...overlays.names(), ...base.shown()]) {
      if (zoom < name.zoom) continue;
      const picture = ink.label(name.text, "place", name.size, false), dot = name.spot ? ink.spot(name.spot) : null;
      const wide = picture.width, high = picture.height, gap = dot ? dot.width / 2 : 0;
      for (const [wx, wy, right, down] of name.spots) {
        const x = wx * grow - origin.x, y = wy * grow - origin.y;
        const left = x + right * (wide + 2 * gap) - wide / 2, top = y + down * high - high / 2;
        const box = [left + 2, top + 3, left + wide - 2, top + high - 3];
        if (!within(...box) || !taken.free(box)) continue;
        taken.add(box);
        copy(picture, left, top);
        if (dot) copy(dot, x - gap, y - gap);
        break;
      }
    }
    lines(pen, ratio);
    for (let i = symbols.length - 1; i >= 0; i--) copy(...symbols[i]);
    ring(pen, ratio);
    for (const one of labels) copy(...one);
    if (!told && pushed && bridge) {
      told = true;
      requestAnimationFrame(() => bridge.first_drawn());
    }
  }

  /* Words on one side of a symbol, the side they last stood on first: the drawing, and the rectangle it takes. */
  function* sides(item, words) {
    const picture = ink.label(words, ...style(item)), r = (item.box[2] - item.box[0]) / 2 + 2;
    for (let k = 0; k < SIDES.length; k++) {
      const side = (k + (item.side || 0)) % SIDES.length;
      const [x, y] = SIDES[side](item.px, item.py, r, picture.width, picture.height);
      yield {side, picture, x, y};
    }
  }

  function named({side, picture, x, y}) {
    return {side, box: [x + 2, y + 4, x + picture.width - 2, y + picture.height - 4], drawing: [picture, x, y]};
  }

  /* Where words stand free beside a symbol. */
  function beside(item, words, taken, within, oversoft) {
    const out = !within(item.px, item.py, item.px, item.py);
    for (const side of sides(item, words)) {
      const found = named(side);
      if (taken.free(found.box, item.box, oversoft) && (out || within(...found.box))) return found;
    }
    return null;
  }

  /* Where words that must be read stand although there is no free place: wholly in the picture, over as little as can be. */
  function inside(item, words, taken, corner, pane) {
    let best = null, least = Infinity;
    for (const side of sides(item, words)) {
      const x = Math.max(corner.x, Math.min(side.x, corner.x + pane.x - side.picture.width));
      const y = Math.max(corner.y, Math.min(side.y, corner.y + pane.y - side.picture.height));
      const found = named({...side, x, y}), covered = taken.under(found.box, null);
      if (covered < least) { least = covered; best = found; }
    }
    return best;
  }

  /* From a unit on its way to its call. */
  function lines(pen, ratio) {
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.setLineDash([1.5, 5]);
    pen.lineCap = "round";
    pen.lineWidth = 1.8 * scale;
    for (const unit of drawn) {
      const call = unit.target && showsCalls ? calls.get(unit.target) : null;
      if (!call || call.px === undefined) continue;
      pen.strokeStyle = theme[unit.colour];
      pen.beginPath(); pen.moveTo(unit.px, unit.py); pen.lineTo(call.px, call.py); pen.stroke();
    }
    pen.setTransform(1, 0, 0, 1, 0, 0);
  }

  /* Around what the keyboard is on. */
  function ring(pen, ratio) {
    const item = drawn.find(marked);
    if (!item) return;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.setLineDash([]);
    pen.lineWidth = 2 * scale;
    pen.strokeStyle = theme.text;
    pen.beginPath(); pen.arc(item.px, item.py, 19 * scale, 0, 2 * Math.PI); pen.stroke();
    pen.setTransform(1, 0, 0, 1, 0, 0);
  }

  /* ---- where the map looks ---- */

  function look(change) {
    moving = true;
    try { change(); } finally { moving = false; }
  }

  function everything() {
    const bounds = L.latLngBounds([]);
    if (areaBounds && areaBounds.isValid()) bounds.extend(areaBounds);
    const heart = bounds.isValid() ? bounds.getCenter() : base.bounds() && base.bounds().isValid() ? base.bounds().getCenter() : null;
    for (const item of [...units.values(), ...calls.values()]) {
      if (!heart || heart.distanceTo([item.latitude, item.longitude]) < NEAR_KM * 1000) bounds.extend([item.latitude, item.longitude]);
    }
    if (!bounds.isValid() && base.bounds()) bounds.extend(base.bounds());
    return bounds;
  }

  function followed() {
    const unit = view.unit ? units.get(view.unit) : null;
    if (unit) return L.latLngBounds([[unit.latitude, unit.longitude]]);
    const call = calls.get(view.call);
    if (!call) return everything();
    const bounds = L.latLngBounds([[call.latitude, call.longitude]]);
    for (const unit of units.values()) if (unit.target === view.call) bounds.extend([unit.latitude, unit.longitude]);
    return bounds;
  }

  /* Bring the view where its mode wants it, if something it must show has left it. */
  function aim() {
    if (view.mode === "free" || !map.getSize().x || !map.getSize().y) return;
    const bounds = view.mode === "fit" ? everything() : followed();
    if (!bounds.isValid()) return;
    const key = view.mode + view.call + view.unit + (calls.has(view.call) ? "" : "-") + map.getSize();
    const still = fitted.key === key && (view.mode === "fit" ? fitted.bounds : map.getBounds().pad(-0.1)).contains(bounds);
    if (still) return;
    fitted = {key, bounds};
    look(() => map.fitBounds(bounds, {paddingTopLeft: [26, 44 * scale + 6], paddingBottomRight: [26, 26], maxZoom: 15, animate: false}));
  }

  map.on("movestart zoomstart", () => {
    if (moving || view.mode === "free") return;
    view = {mode: "free", call: "", unit: ""};
  });
  map.on("moveend", () => {
    if (moving || view.mode !== "free" || !bridge) return;
    const center = map.getCenter();
    bridge.moved(center.lat, center.lng, map.getZoom());
  });
  map.on("resize", () => { fitted = {}; aim(); });

  /* ---- what the pointer is on ---- */

  function under(event) {
    const point = event.layerPoint.subtract(sheet._bounds.min);
    let best = null, reach = 14 * scale;
    for (const item of drawn) {
      const far = Math.hypot(item.px - point.x, item.py - point.y);
      if (far < reach) { best = item; reach = far; }
    }
    return best;
  }

  map.on("mousemove", (event) => {
    const item = under(event);
    if (item === hovered) return;
    hovered = item;
    map.getContainer().classList.toggle("pointing", !!item);
    ranked = null;
    later();
  });
  map.on("click", (event) => {
    if (aims) { if (bridge) bridge.spot(event.latlng.lat, event.latlng.lng); return; }
    const item = under(event);
    if (item && bridge) bridge.choose(item.call ? "call" : "unit", item.id);
  });

  /* ---- what the desk says ---- */

  function paint(next) {
    theme = next.theme; scale = next.scale;
    ink.set(next);
    base.paint(theme);
    overlays.paint(next);
    document.body.style.background = theme.ground;
    document.body.style.font = `${13 * scale}px ${next.family}`;
    for (const [id, token] of [["legend", "place"], ["note", "text"]]) document.getElementById(id).style.color = theme[token];
    tintAreas();
  }

  function tintAreas() { if (areas && theme) areas.setStyle({color: theme.teal, fillColor: theme.teal}); }

  /* The areas lie on the schematic's own canvas, or over tiles on one of theirs. */
  function showAreas() {
    if (areas) areas.remove();
    const pane = base.tiles().told ? "areas" : "base";
    const renderer = pane === "base" ? base.canvas() : areaInk = areaInk || L.canvas({pane, padding: 0.3});
    areas = L.featureGroup(areaTexts.map((text) => L.geoJSON(JSON.parse(text), {
      renderer, pane, interactive: false,
      style: {weight: 1.3, dashArray: "6 5", opacity: 0.75, fillOpacity: 0.055},
      pointToLayer: (feature, latlng) => L.circleMarker(latlng, {renderer, pane, radius: 3, interactive: false}),
    })));
    areaBounds = areaTexts.length ? areas.getBounds() : null;
    if (showsAreas) areas.addTo(map);
    tintAreas();
  }
  function push(patch) {
    pushed = true;
    if (patch.base !== undefined) {
      base.load(map, patch.base ? JSON.parse(patch.base).features : []);
      fitted = {};
    }
    if (patch.tiles !== undefined) base.tile(map, patch.tiles);
    if (patch.look) paint(patch.look);
    if (patch.areas) { areaTexts = patch.areas; fitted = {}; }
    showsAreas = patch.shows_areas ?? showsAreas;
    if (patch.areas || patch.shows_areas !== undefined || areas && (patch.base !== undefined || patch.tiles !== undefined)) showAreas();
    if (patch.note !== undefined) document.getElementById("note").textContent = patch.note;
    if (patch.shows_units !== undefined) showsUnits = patch.shows_units;
    if (patch.shows_calls !== undefined) showsCalls = patch.shows_calls;
    for (const [id, latitude, longitude] of patch.moves || []) {
      const unit = units.get(id);
      unit.latitude = latitude; unit.longitude = longitude;
      place(unit);
    }
    for (const unit of patch.units || []) units.set(unit.id, place({...unit, side: (units.get(unit.id) || {}).side}));
    for (const call of patch.calls || []) calls.set(call.id, place({...call, call: true, side: (calls.get(call.id) || {}).side}));
    for (const id of patch.units_gone || []) units.delete(id);
    for (const id of patch.calls_gone || []) calls.delete(id);
    if (patch.mark) mark = patch.mark;
    if (patch.aims !== undefined) { aims = patch.aims; map.getContainer().classList.toggle("aiming", aims); }
    overlays.take(patch);
    if (theme && (patch.calls || patch.calls_gone)) overlays.uncertain(calls);
    if (Object.keys(patch).some((key) => key !== "moves")) {
      ranked = null;
      hovered = hovered && ((hovered.call ? calls : units).get(hovered.id) || null);
    }
    if (patch.view) {
      view = patch.view;
      fitted = {};
      if (view.center) look(() => map.setView(view.center.slice(0, 2), view.center[2], {animate: false}));
    }
    aim();
    later();
  }

  /* Move by parts of the pane, and by steps of zoom: the person's own movement, by keys. */
  function nudge(right, down, closer) {
    const size = map.getSize();
    if (right || down) map.panBy([right * size.x, down * size.y], {animate: false});
    if (closer) map.setZoom(map.getZoom() + closer, {animate: false});
  }

  /* Say what lies in the middle. */
  function point() {
    const at = map.getCenter();
    if (bridge) bridge.spot(at.lat, at.lng);
  }

  /* What is drawn at this moment, in pixels of the map pane: for whoever must know that the map shows what it was told. */
  function report() {
    const [dx, dy] = [sheet._bounds.min.x + map._getMapPanePos().x, sheet._bounds.min.y + map._getMapPanePos().y];
    const items = (wanted) => drawn.filter((i) => !!i.call === wanted).map((i) => ({
      id: i.id, x: i.px + dx, y: i.py + dy, label: i.said, target: i.target || "",
      box: i.labelled && [i.labelled[0] + dx, i.labelled[1] + dy, i.labelled[2] + dx, i.labelled[3] + dy]}));
    const at = map.getCenter();
    return {draws, waiting: !!waiting, roads: base.lines.length, areas: areas && showsAreas ? areas.getLayers().length : 0, units: items(false), calls: items(true),
            mode: view.mode, center: [at.lat, at.lng, map.getZoom()], ground: document.body.style.background, over: overlays.report(), mark, note: document.getElementById("note").textContent};
  }

  look(() => { map.setMinZoom(8); map.setMaxZoom(18); });
  sheet.addTo(map);
  new QWebChannel(qt.webChannelTransport, (channel) => { bridge = channel.objects.map; bridge.ready(); });
  return {push, report, nudge, point, map};
})();
