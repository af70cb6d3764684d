/* How the call, the unit's next steps, the status check, backup and what is kept are drawn. Nothing here is remembered. */

import { button, clock, draw, el, languageName } from "/field/drawn.js";
import { words } from "/field/words.js";

/** What a crew most often says next; everything else that may follow stands below it. */
const USUAL = {
  assigned: "acknowledged", acknowledged: "en_route", en_route: "on_scene", staging: "on_scene", on_scene: "with_neighbor",
  with_neighbor: "clear", transporting: "at_facility", at_facility: "clear", clear: "available", assist: "available",
  break: "available", out_of_service: "available", off_shift: "available",
};

/** The way of a unit through a call and through its shift: what lies ahead of where it is comes before what lies behind. */
const WAY = [
  "assigned", "acknowledged", "en_route", "staging", "on_scene", "with_neighbor", "transporting", "at_facility", "clear",
  "available", "assist", "break", "out_of_service", "off_shift",
];

/** The call, from what is read at arm's length down to what is looked up. */
export function drawCall(node, unit) {
  node.hidden = false;
  draw(node, [unit.call, unit.time_zone], () => (unit.call ? callParts(unit.call, unit.time_zone) : noCall()));
}

function noCall() {
  return [el("h1", {}, words.noCall), el("p", { class: "muted" }, words.noCallHint)];
}

function callParts(call, zone) {
  const uncertain = call.uncertainty_m ? words.uncertain(Math.round(call.uncertainty_m)) : "";
  const tags = [call.priority && words.priority(call.priority), uncertain, ...call.flags].filter(Boolean);
  return [
    el("p", { class: "number" }, `${call.number} · ${call.nature}`),
    el("h1", { class: "place" }, call.address || `${call.latitude}, ${call.longitude}`),
    el("ul", { class: "tags" }, tags.map((tag) => el("li", {}, tag))),
    ...call.turned.map((why) => el("p", { class: "alarm" }, words.turned(why))),
    ...(call.neighbor?.cautions ?? []).map((one) => el("p", { class: "due" }, words.caution(one.text))),
    el("dl", { class: "facts" }, call.facts.flatMap((fact) => fact_(fact.name, fact.value, fact.known ? "" : "unknown"))),
    el("dl", {}, details(call, zone)),
  ];
}

function details(call, zone) {
  const others = call.others.map((one) => `${one.unit_id} (${one.programme})`);
  return [
    ...row(words.callback, call.callback),
    ...row(words.language, call.language && languageName(call.language)),
    ...row(words.neighbor, call.neighbor?.name),
    ...row(words.approach, call.neighbor?.approach),
    ...row(words.onTheLine, call.on_the_line),
    ...row(words.others, [...others, ...call.services].join(", ") || words.nobodyElse),
    ...row(words.zones, Object.entries(call.zones).map(([kind, name]) => `${kind} ${name}`).join(", ")),
    ...row(words.received, clock(call.received_at, zone)),
  ];
}

function row(name, value) {
  return value ? fact_(name, value, "") : [];
}

function fact_(name, value, kind) {
  return [el("dt", {}, name), el("dd", { class: kind }, value)];
}

/** The narrative, the latest first. */
export function drawNarrative(node, unit) {
  draw(node, [unit.call?.narrative, unit.time_zone], () => {
    if (!unit.call) return [];
    const entries = [...unit.call.narrative].reverse().map((entry) =>
      el("li", {},
        el("span", { class: "muted" }, [clock(entry.at, unit.time_zone), entry.by, entry.summary ? words.summary : ""].filter(Boolean).join(" · ")),
        el("p", {}, entry.text)));
    return [el("h2", {}, words.narrative), entries.length ? el("ol", {}, entries) : el("p", { class: "muted" }, words.noNarrative)];
  });
}

/** The statuses that may follow `status`, the usual one first and across. `press(status)` is told. */
export function drawSteps(node, unit, status, press) {
  const next = unit.follows[status] ?? unit.next;
  draw(node, [status, next], () => {
    const usual = next.includes(USUAL[status]) ? USUAL[status] : null;
    const ahead = (one) => (WAY.indexOf(one) - WAY.indexOf(status) + WAY.length) % WAY.length;
    const others = next.filter((one) => one !== usual).sort((one, other) => ahead(one) - ahead(other));
    return [
      el("h2", {}, words.next),
      usual && button(usual, "first", unit.words[usual], () => press(usual)),
      el("div", { class: "grid" }, others.map((one) => button(one, "", unit.words[one], () => press(one)))),
    ];
  });
}

/** The status check: quiet while it is fine, loud once it is due. Returns its level. */
export function drawCheck(node, unit, now, press) {
  const check = unit.check;
  const past = check === null ? null : (name) => now >= Date.parse(check[name]);
  const level = past === null ? "none" : past("overdue_at") ? "overdue" : past("due_at") ? "due" : "fine";
  const minutes = level === "overdue" ? Math.floor((now - Date.parse(check.due_at)) / 60000) : 0;
  draw(node, [level, minutes, check?.due_at], () => {
    if (level === "none") return [];
    const time = clock(check.due_at, unit.time_zone, false);
    const said = { due: words.checkDue, overdue: words.checkOverdue(minutes) }[level];
    return [
      said && el("p", { class: level === "due" ? "due" : "alarm" }, said),
      button("check", level === "fine" ? "quiet" : "first", level === "fine" ? `${words.check} · ${words.checkNext(time)}` : words.check, press),
    ];
  });
  return level;
}

/** Backup apart from everything else: how it stands, or the button that is pressed twice. */
export function drawBackup(node, unit, armed, waiting, live, presses) {
  node.hidden = false;
  const { backup, services, time_zone: zone } = unit;
  draw(node, [backup, services, armed, waiting, live, zone], () => {
    if (backup) return backupStands(backup, zone, presses);
    if (waiting) return [el("p", { class: "alarm loud" }, live ? words.backupSending : words.backupKept)];
    const [first, ...others] = services;
    const label = armed ? words.backupAgain(first?.name ?? "") : words.backup;
    const hint = armed ? [] : [el("span", { class: "hint" }, words.backupHint)];
    const state = { "aria-pressed": String(Boolean(armed)), "data-armed": armed || "" };
    return [
      button("backup", "danger", [label, ...hint], () => presses.press(first?.code ?? ""), state),
      armed && el("div", { class: "grid" }, others.map((one) =>
        button(`backup-${one.code}`, "danger-other", words.backupOther(one.name), () => presses.press(one.code)))),
    ];
  });
}

function backupStands(backup, zone, presses) {
  const time = (at) => clock(at, zone);
  const steps = [
    words.backupAsked(backup.service, time(backup.asked_at)),
    backup.seen_at ? words.backupSeen(backup.seen_by, time(backup.seen_at)) : words.backupNotSeen,
    backup.sent_at && words.backupSent(time(backup.sent_at)),
    backup.arrived_at && words.backupArrived(time(backup.arrived_at)),
  ];
  return [
    el("p", { class: "alarm loud" }, [words.backupStanding, ...steps.filter(Boolean)].join(" · ")),
    el("p", {}, words.backupEnds),
    backup.arrived_at ? null : button("arrived", "", words.backupThere, presses.arrived),
  ];
}

/** What is not with the hub, and what it refused: each with its time, and nothing of it looks as if it were done. */
export function drawKept(node, kept, unit, live, discarding, presses) {
  const { unsent, refused } = kept;
  draw(node, [unsent, refused, unit.unit_id, live, discarding, kept.storage.lasting], () => [
    kept.storage.lasting ? null : el("p", { class: "due" }, words.keepsNothing),
    ...refused.map((item) => line(words.refused(item.words, clock(item.at, unit.time_zone), item.why), "alarm",
      button(`seen-${item.id}`, "small", words.seen, () => presses.dismiss(item.id)))),
    ...unsent.map((item) => keptLine(item, unit, live, discarding, presses)),
  ]);
}

function keptLine(item, unit, live, discarding, presses) {
  const time = clock(item.at, unit.time_zone);
  if (item.unit === unit.unit_id && live && !item.waited) return el("p", { class: "sending" }, `${item.words}: ${words.sending}`);
  const said = item.unit === unit.unit_id ? words.notSent(item.words, time) : words.ofOther(item.words, item.unit, time);
  return line(said, "due", button(`discard-${item.id}`, "small", discarding === item.id ? words.discardAgain : words.discard, () => presses.discard(item.id)));
}

function line(text, kind, action) {
  return el("div", { class: `kept ${kind}` }, el("span", {}, text), action);
}
