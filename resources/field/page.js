/* The page of a unit's tablet: what is heard is drawn, what is pressed is kept first and sent then. */

import { button, clock, draw } from "/field/drawn.js";
import { Kept, newId, Storage } from "/field/kept.js";
import { Line, Problem } from "/field/line.js";
import { drawBackup, drawCall, drawCheck, drawKept, drawNarrative, drawSteps } from "/field/panes.js";
import { Place } from "/field/place.js";
import { words } from "/field/words.js";

const TOKEN = "heart.field.token";
const THEME = "heart.field.theme";
const THEMES = ["auto", "day", "night"];
const SETTLE_MS = 600; // A bounce of the glove, or a button that took another's place, is no second press.
const ARMED_MS = 5000;

const $ = (id) => document.getElementById(id);
const storage = new Storage();
const kept = new Kept(storage);
const place = new Place(storage, $("share"), $("share-why"));

let line = null;
let sending = false;
let settling = false;
let armed = ""; // "" not pressed yet, "new" pressed just now, "ready" for the second press
let disarm = 0;
let forgetting = 0;
let discarding = ""; // the kept item whose discard was pressed once
let undiscard = 0;
let asksWhere = null;
let felt = null;
let unarmed = null;
let announced = {};

// ------------------------------------------------------------------------------------------------- who this is

function begin(token) {
  line?.stop();
  announced = {};
  line = new Line(token, { link: heard, refused });
  $("sign-in").hidden = true;
  line.run();
  show();
}

function refused(problem) {
  line = null;
  signIn(problem.message);
}

function signIn(why) {
  $("sign-in").hidden = false;
  $("sign-in-why").textContent = why;
  $("token").value = storage.get(TOKEN) ?? "";
  show();
  $("token").focus();
}

/** The token of a link `/field#TOKEN`: kept, and taken out of the address, where the next person could read it. */
function fromAddress() {
  const token = location.hash.slice(1);
  if (!token) return;
  storage.set(TOKEN, token);
  history.replaceState(null, "", location.pathname);
}

function arrive() {
  fromAddress();
  const token = storage.get(TOKEN);
  if (token) begin(token);
  else signIn("");
}

$("sign-in").addEventListener("submit", (event) => {
  event.preventDefault();
  const token = $("token").value.trim();
  if (!token) return;
  storage.set(TOKEN, token);
  begin(token);
});

$("forget").addEventListener("click", () => {
  clearTimeout(forgetting);
  if ($("forget").dataset.armed) {
    delete $("forget").dataset.armed;
    storage.set(TOKEN, null);
    place.end();
    line?.stop();
    line = null;
    signIn("");
    return;
  }
  $("forget").dataset.armed = "yes";
  forgetting = setTimeout(() => { delete $("forget").dataset.armed; show(); }, ARMED_MS);
  show();
});

// ------------------------------------------------------------------------------------------------- what is pressed

/** Keep what was pressed, with its time, and send it; whatever the link does, it is not lost. */
function say(command, said) {
  kept.add({
    id: newId(), unit: command.unit_id ?? unit().unit_id, command, words: said,
    at: new Date(line.now()).toISOString(), waited: !line.live,
  });
  send();
  show();
}

async function send() {
  const mine = line;
  if (sending || mine === null || mine.answer === null) return;
  sending = true;
  try {
    for (let item = kept.first(unit().unit_id); item !== null; item = kept.first(unit().unit_id)) {
      if (!(await sent(mine, item)) || mine !== line) break;
      show();
    }
  } finally {
    sending = false;
    show();
  }
}

/** Whether the hub has answered for it, for or against. */
async function sent(mine, item) {
  const order = { command_id: item.id, command: item.command };
  if (item.waited) order.occurred_at = item.at;
  try {
    await mine.ask("POST", "/v1/field/commands", order);
  } catch (trouble) {
    if (trouble instanceof Problem && !trouble.ofTablet) {
      kept.refuse(item.id, trouble.message);
      return true;
    }
    kept.waited();
    if (trouble instanceof Problem) mine.refuse(trouble);
    else mine.lost();
    return false;
  }
  // It stays "sending" until what it did is on the screen; if the link goes just now, it is with the hub all the same.
  await mine.refresh().catch(() => {});
  kept.drop(item.id);
  return true;
}

function press(status) {
  if (settling) return;
  settle();
  if (status === "assist" || status === "transporting") {
    asksWhere = status;
    $("where-words").value = "";
    show();
    $("where-title").scrollIntoView({ block: "nearest" });
    return;
  }
  setStatus(status, "");
}

function setStatus(status, where) {
  asksWhere = null;
  const said = where ? `${unit().words[status]}, ${where}` : unit().words[status];
  say({ type: "SetUnitStatus", unit_id: unit().unit_id, status, where }, said);
}

function settle() {
  settling = true;
  $("act").dataset.settling = "yes";
  setTimeout(() => { settling = false; delete $("act").dataset.settling; }, SETTLE_MS);
}

$("where").addEventListener("submit", (event) => {
  event.preventDefault();
  const where = $("where-words").value.trim();
  if (!where && asksWhere === "assist") {
    tell(words.whereNeeded);
    $("where-words").focus();
    return;
  }
  setStatus(asksWhere, where);
});
$("where-not").addEventListener("click", () => { asksWhere = null; show(); });

/** The first press arms the button, the second within 5 s asks; a bounce of the first is neither. */
function pressBackup(service) {
  if (armed === "new") return;
  clearTimeout(disarm);
  if (armed === "ready") {
    armed = "";
    const name = unit().services.find((one) => one.code === service)?.name ?? "";
    say({ type: "RequestBackup", unit_id: unit().unit_id, service }, `${words.backup} ${name}`);
    return;
  }
  armed = "new";
  disarm = setTimeout(() => {
    armed = "ready";
    disarm = setTimeout(() => { armed = ""; show(); }, ARMED_MS - SETTLE_MS);
    show();
  }, SETTLE_MS);
  show();
}

/** What was pressed and not sent is thrown away by two presses: it may be a call for help. */
function pressDiscard(id) {
  clearTimeout(undiscard);
  const again = discarding === id;
  discarding = again ? "" : id;
  if (again) kept.drop(id);
  else undiscard = setTimeout(() => { discarding = ""; show(); }, ARMED_MS);
  show();
}

$("report").addEventListener("submit", (event) => {
  event.preventDefault();
  const asked = unit().report;
  if (felt === null) {
    tell(words.reportNeeded);
    $("felt").querySelector("button").focus();
    return;
  }
  const command = { type: "ReportUnit", unit_id: unit().unit_id, call_id: asked.call_id, felt_safe: felt, text: $("report-words").value.trim() };
  const could = { yes: true, no: false }[unarmed];
  if (asked.unarmed_asked && could !== undefined) command.unarmed_next_time = could;
  felt = unarmed = null;
  $("report-words").value = "";
  say(command, `${words.report} ${asked.number}`);
});

$("note").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = $("note-words").value.trim();
  if (!text || !unit().call) return;
  $("note-words").value = "";
  say({ type: "AddNarrative", call_id: unit().call.call_id, entry_id: newId(), text }, words.note(text));
});

// ------------------------------------------------------------------------------------------------- what is shown

function unit() {
  return line.answer.unit;
}

function heard() {
  show();
  if (line?.live) {
    send();
    place.tell(line);
  }
}

/** What the unit will be once what is kept has arrived; the head of the page goes on saying what the hub knows. */
function pressedStatus(mine) {
  const pressed = mine.filter((item) => item.command.type === "SetUnitStatus").at(-1);
  return pressed ? pressed.command.status : unit().status;
}

function show() {
  const there = line !== null && line.answer !== null;
  for (const id of ["call", "act", "more", "backup"]) $(id).hidden = !there;
  const zone = there ? unit().time_zone : "";
  const since = line?.heardAt ? clock(line.heardAt, zone) : "";
  const gone = line !== null && !line.live;
  document.body.dataset.link = line === null ? "none" : line.live ? "live" : "gone";
  const linked = line === null ? "" : line.live ? words.live : words.noLink;
  if ($("link").textContent !== linked) $("link").textContent = linked;
  draw($("alerts"), [gone && since], () => (gone && since ? [paragraph("alarm", words.noLinkAlert(since))] : []));
  draw($("theme"), [theme()], () => [words.themes[theme()]]);
  $("forget").textContent = $("forget").dataset.armed ? words.forgetAgain : words.forget;
  if (!there) {
    $("unit").textContent = words.noUnit;
    $("clock").textContent = "";
    return;
  }
  const now = unit();
  const mine = kept.unsent.filter((item) => item.unit === now.unit_id);
  const status = [now.words[now.status], now.where, words.since(clock(now.since, zone, false))].filter(Boolean).join(" · ");
  const exercise = line.answer.exercise ? ` · ${words.exercise}` : "";
  draw($("unit"), [now.unit_id, now.programme, status, exercise], () => [
    paragraph("name", `${now.unit_id} · ${now.programme}${exercise}`), paragraph("status", status),
  ]);
  drawCall($("call"), now);
  drawNarrative($("narrative"), now);
  drawKept($("kept"), kept, now, line.live, discarding, {
    discard: pressDiscard,
    dismiss: (id) => { kept.dismiss(id); show(); },
  });
  drawSteps($("steps"), now, pressedStatus(mine), press);
  const waiting = mine.some((item) => item.command.type === "RequestBackup");
  drawBackup($("backup"), now, armed, waiting, line.live, {
    press: pressBackup,
    arrived: () => say({ type: "ArriveBackup", unit_id: now.unit_id }, words.backupThere),
  });
  showWhere(now);
  showReport(now, mine);
  $("note").hidden = now.call === null;
  announce(now);
  tick();
}

function paragraph(kind, text) {
  const node = document.createElement("p");
  node.className = kind;
  node.textContent = text;
  return node;
}

function showWhere(now) {
  $("where").hidden = asksWhere === null;
  $("steps").hidden = asksWhere !== null;
  if (asksWhere === null) return;
  draw($("where-title"), [asksWhere], () => [words.where(now.words[asksWhere])]);
  draw($("where-places"), [asksWhere, now.places], () =>
    (asksWhere === "transporting" ? now.places : []).map((name) => button(name, "", name, () => setStatus(asksWhere, name))));
}

function showReport(now, mine) {
  const asked = mine.some((item) => item.command.type === "ReportUnit") ? null : now.report;
  $("report").hidden = asked === null;
  if (asked === null) return;
  draw($("report-title"), [asked], () => [words.reportTitle(asked.number, asked.nature)]);
  choice($("felt"), words.felt, felt, (value) => { felt = value; show(); });
  $("unarmed").hidden = !asked.unarmed_asked;
  choice($("unarmed"), words.unarmed, unarmed, (value) => { unarmed = value; show(); });
}

function choice(node, labels, chosen, take) {
  draw(node.querySelector("div"), [chosen], () =>
    Object.entries(labels).map(([value, label]) =>
      button(value, chosen === value ? "chosen" : "", label, () => take(value), { "aria-pressed": String(chosen === value) })));
}

/** Say to those who do not look what changed, once. */
function announce(now) {
  const call = now.call?.call_id ?? "";
  if (announced.call !== undefined && announced.call !== call) {
    tell(call ? words.announceCall(now.call.number, now.call.nature, now.call.address) : words.announceNoCall);
  } else if (announced.status !== undefined && announced.status !== now.status) {
    tell(words.announceStatus(now.words[now.status]));
  }
  announced = { call, status: now.status };
}

function tell(text) {
  $("said").textContent = text;
}

function tick() {
  if (line === null || line.answer === null) return;
  const now = line.now();
  $("clock").textContent = clock(now, unit().time_zone);
  const level = drawCheck($("check"), unit(), now, () => say({ type: "CheckUnit", unit_id: unit().unit_id }, words.check));
  document.body.dataset.check = level;
}

// ------------------------------------------------------------------------------------------------- day and night

function theme() {
  const chosen = storage.get(THEME);
  return THEMES.includes(chosen) ? chosen : "auto";
}

const byDay = matchMedia("(prefers-color-scheme: light)");

function paint() {
  const day = theme() === "day" || (theme() === "auto" && byDay.matches);
  document.documentElement.dataset.theme = day ? "day" : "night";
}

$("theme").addEventListener("click", () => {
  storage.set(THEME, THEMES[(THEMES.indexOf(theme()) + 1) % THEMES.length]);
  paint();
  show();
});
byDay.addEventListener("change", paint);

for (const node of document.querySelectorAll("[data-words]")) node.textContent = words[node.dataset.words];
addEventListener("online", () => line?.wake());
document.addEventListener("visibilitychange", () => document.hidden || line?.wake());
addEventListener("offline", () => line?.lost());
addEventListener("hashchange", arrive);
setInterval(tick, 1000);
paint();
arrive();
