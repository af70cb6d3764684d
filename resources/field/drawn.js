/* Small parts that the panes are drawn with: elements, times in the center's zone, and drawing only what changed. */

/** An element: attributes by name, `on` for a click, texts and elements as its children; what is not there is left out. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") node.addEventListener("click", value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.flat().filter(Boolean));
  return node;
}

/** A button; `key` finds it again after it was drawn anew. */
export function button(key, kind, label, on, attributes = {}) {
  return el("button", { type: "button", class: `big ${kind}`, "data-key": key, on, ...attributes }, label);
}

const drawn = new WeakMap();

/** Draw into a node what `make` gives, if what it is made of changed; the keyboard stays where it was. */
export function draw(node, model, make) {
  const text = JSON.stringify(model);
  if (drawn.get(node) === text) return;
  drawn.set(node, text);
  const active = document.activeElement;
  const had = node.contains(active) ? active.dataset.key ?? "" : null;
  node.replaceChildren(...[make()].flat().filter(Boolean));
  if (had === null) return;
  const again = had && node.querySelector(`[data-key="${CSS.escape(had)}"]`);
  (again || node.closest("[tabindex]") || document.body).focus({ preventScroll: true });
}

/** A moment (ms or ISO) as hours, minutes and seconds in the center's zone. */
export function clock(at, zone, seconds = true) {
  const second = seconds ? { second: "2-digit" } : {};
  const form = { hour: "2-digit", minute: "2-digit", ...second, hourCycle: "h23", timeZone: zone || undefined };
  return new Intl.DateTimeFormat("en-GB", form).format(new Date(at));
}

/** A language's name by its code; the code, where the browser knows no name. */
export function languageName(code) {
  try {
    return new Intl.DisplayNames(["en"], { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}
