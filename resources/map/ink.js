"use strict";
/* Ready-made pictures of symbols and labels: each is drawn once and then only copied, which is what makes a second of
   500 moving units cheap. Everything is keyed by what it looks like; a new theme or size empties the store. */

const ink = (function () {
  const LIMIT = 4000; // labels that carry an age change every second: start again before they pile up
  let theme = {}, family = "sans-serif", scale = 1, ratio = 1;
  const kept = new Map();
  const ruler = document.createElement("canvas").getContext("2d");

  function set(look) {
    theme = look.theme; family = look.family; scale = look.scale;
    kept.clear();
  }

  /* Keep pictures as fine as the screen's pixels. */
  function sharpen(pixels) {
    if (pixels !== ratio) { ratio = pixels; kept.clear(); }
  }

  function keep(key, make) {
    let picture = kept.get(key);
    if (picture === undefined) {
      if (kept.size >= LIMIT) kept.clear();
      picture = make();
      kept.set(key, picture);
    }
    return picture;
  }

  /* A canvas of width x height (CSS pixels) that `paint` draws on. */
  function sheet(width, height, paint) {
    const canvas = document.createElement("canvas");
    canvas.width = Math.ceil(width * ratio);
    canvas.height = Math.ceil(height * ratio);
    const pen = canvas.getContext("2d");
    pen.scale(ratio, ratio);
    paint(pen);
    return {canvas, width: canvas.width / ratio, height: canvas.height / ratio};
  }

  /* Words with a halo in the colour of the ground. */
  function label(text, token, size, bold) {
    return keep(`l ${token} ${size} ${bold} ${text}`, () => {
      const font = `${bold ? "bold " : ""}${size * scale}px ${family}`, edge = 3 * scale;
      ruler.font = font;
      const width = ruler.measureText(text).width + 2 * edge, height = size * scale * 1.25 + 2 * edge;
      return sheet(width, height, (pen) => {
        pen.font = font;
        pen.textBaseline = "middle";
        pen.lineJoin = "round";
        pen.lineWidth = 2 * edge;
        pen.strokeStyle = theme.ground;
        pen.strokeText(text, edge, height / 2);
        pen.fillStyle = theme[token];
        pen.fillText(text, edge, height / 2);
      });
    });
  }

  const OUTLINES = {
    circle(pen, r) { pen.arc(0, 0, r, 0, 2 * Math.PI); },
    square(pen, r) { pen.roundRect(-0.9 * r, -0.9 * r, 1.8 * r, 1.8 * r, 2); },
    triangle(pen, r) { pen.moveTo(0, -1.1 * r); pen.lineTo(1.05 * r, 0.8 * r); pen.lineTo(-1.05 * r, 0.8 * r); pen.closePath(); },
    outline(pen, r) { pen.arc(0, 0, r, 0, 2 * Math.PI); },
    diamond(pen, r) { pen.moveTo(0, -r); pen.lineTo(r, 0); pen.lineTo(0, r); pen.lineTo(-r, 0); pen.closePath(); },
  };

  function centred(radius, paint) {
    return sheet(2 * radius, 2 * radius, (pen) => { pen.translate(radius, radius); pen.scale(scale, scale); paint(pen); });
  }

  function path(pen, shape, r) { pen.beginPath(); OUTLINES[shape](pen, r); }

  /* A unit: filled = available, ring = committed, faint with a broken edge = position too old, red halo = wants backup. */
  function unit(u) {
    const shape = u.shape || "circle", filled = u.filled !== false, stale = !!u.stale, backup = !!u.backup;
    return keep(`u ${u.colour} ${shape} ${filled} ${stale} ${backup}`, () => centred((backup ? 18 : 12) * scale, (pen) => {
      const colour = theme[u.colour], thin = shape === "outline";
      if (backup) { path(pen, "circle", 16); pen.lineWidth = 2; pen.strokeStyle = theme.alarm; pen.stroke(); }
      path(pen, shape, 10.5); pen.fillStyle = theme.ground; pen.fill();
      if (stale) {
        path(pen, shape, 9); pen.globalAlpha = filled ? 0.4 : 0; pen.fillStyle = colour; pen.fill(); pen.globalAlpha = 1;
        pen.setLineDash([3, 2.6]); pen.lineWidth = 1.8; pen.strokeStyle = colour; pen.stroke();
      } else if (filled && !thin) {
        path(pen, shape, 9); pen.fillStyle = colour; pen.fill();
      } else {
        path(pen, shape, 8.2); pen.lineWidth = thin ? 1.5 : 3; pen.strokeStyle = colour; pen.stroke();
        if (filled) { path(pen, "circle", 2.5); pen.fillStyle = colour; pen.fill(); }
      }
    }));
  }

  /* A call: a diamond; white when chosen, amber with a dot when due, red with a triangle when past, else grey. */
  function call(c) {
    const tone = c.tone || "plain", chosen = !!c.chosen;
    return keep(`c ${tone} ${chosen}`, () => centred(15 * scale, (pen) => {
      const r = chosen ? 11.5 : tone === "plain" ? 7.5 : 9;
      path(pen, "diamond", r + 2.5); pen.fillStyle = theme.ground; pen.fill();
      path(pen, "diamond", r); pen.fillStyle = chosen ? theme.text : tone === "past" ? theme.alarm : tone === "due" ? theme.due : theme.faint;
      pen.fill();
      pen.fillStyle = theme.ground;
      if (tone === "past") { path(pen, "triangle", 3.2); pen.fill(); }
      if (tone === "due") { path(pen, "circle", 2.2); pen.fill(); }
    }));
  }

  /* A landmark: a dot; a place of care: a cross. */
  function spot(kind) {
    return keep(`s ${kind}`, () => centred(6 * scale, (pen) => {
      pen.fillStyle = theme.place;
      if (kind === "care") { pen.fillRect(-1.2, -4, 2.4, 8); pen.fillRect(-4, -1.2, 8, 2.4); }
      else { path(pen, "circle", 2.2); pen.fill(); }
    }));
  }

  return {set, sharpen, label, unit, call, spot};
})();
