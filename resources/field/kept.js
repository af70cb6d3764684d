/* What was pressed and is not with the hub yet, and what the hub refused: in the browser's own storage, oldest first. */

const UNSENT = "heart.field.unsent";
const REFUSED = "heart.field.refused";

/** A name that nothing else has, made without what browsers offer over https alone. */
export function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** localStorage, or where the browser has none, memory; `lasting` says which. */
export class Storage {
  constructor() {
    this.memory = new Map();
    this.lasting = true;
  }

  get(name) {
    try {
      return this.memory.get(name) ?? localStorage.getItem(name);
    } catch {
      return this.memory.get(name) ?? null;
    }
  }

  set(name, text) {
    try {
      if (text === null) localStorage.removeItem(name);
      else localStorage.setItem(name, text);
      this.memory.delete(name);
    } catch {
      this.lasting = false;
      if (text === null) this.memory.delete(name);
      else this.memory.set(name, text);
    }
  }
}

/** The two lists. Each item: {id, unit, command, words, at (hub time, ISO), waited, why}. */
export class Kept {
  constructor(storage) {
    this.storage = storage;
    // Another visit to this page may have ended while it was sending: whether that arrived is not known, so it is sent
    // again under its own id, with its own time.
    this.waited();
  }

  get unsent() {
    return this.read(UNSENT);
  }

  get refused() {
    return this.read(REFUSED);
  }

  add(item) {
    this.write(UNSENT, [...this.unsent, item]);
  }

  /** The oldest of a unit's that is not sent. */
  first(unit) {
    return this.unsent.find((item) => item.unit === unit) ?? null;
  }

  /** It is with the hub, or was discarded by the person. */
  drop(id) {
    this.write(UNSENT, this.unsent.filter((item) => item.id !== id));
  }

  refuse(id, why) {
    const item = this.unsent.find((one) => one.id === id);
    if (item) this.write(REFUSED, [...this.refused, { ...item, why }]);
    this.drop(id);
  }

  /** The person has read why. */
  dismiss(id) {
    this.write(REFUSED, this.refused.filter((item) => item.id !== id));
  }

  /** What is here could not be sent at once, and goes with its time. */
  waited() {
    this.write(UNSENT, this.unsent.map((item) => ({ ...item, waited: true })));
  }

  read(name) {
    try {
      const found = JSON.parse(this.storage.get(name) ?? "[]");
      return Array.isArray(found) ? found : [];
    } catch {
      return [];
    }
  }

  write(name, items) {
    this.storage.set(name, items.length ? JSON.stringify(items) : null);
  }
}
