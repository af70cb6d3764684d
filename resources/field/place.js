/* Where the tablet is, by its own browser: told to the hub while its crew wants that, at most every five seconds. */

import { Problem } from "/field/line.js";
import { words } from "/field/words.js";

const SHARE = "heart.field.share";
const EVERY_MS = 5000;

export class Place {
  constructor(storage, toggle, why) {
    this.storage = storage;
    this.toggle = toggle;
    this.why = why;
    this.watch = null;
    this.found = null;
    this.toldAt = -EVERY_MS;
    toggle.addEventListener("click", () => (this.wanted ? this.end() : this.begin()));
    if (this.wanted) this.begin();
    else this.show("");
  }

  get wanted() {
    return this.storage.get(SHARE) === "yes";
  }

  begin() {
    this.storage.set(SHARE, "yes");
    if (!window.isSecureContext || !navigator.geolocation) {
      this.show(words.shareNot(words.shareNowhere));
      return;
    }
    const options = { enableHighAccuracy: true, maximumAge: 5000 };
    this.watch = navigator.geolocation.watchPosition(
      (found) => { this.found = found; this.show(""); },
      (error) => this.show(words.shareNot(error.message)),
      options,
    );
    this.show("");
  }

  end() {
    this.storage.set(SHARE, null);
    if (this.watch !== null) navigator.geolocation.clearWatch(this.watch);
    this.watch = this.found = null;
    this.show("");
  }

  /** Tell the hub the latest that it has not been told; a place is of its moment, so one that is not taken is not kept. */
  async tell(line) {
    const found = this.found;
    if (found === null || performance.now() - this.toldAt < EVERY_MS) return;
    this.found = null;
    this.toldAt = performance.now();
    const { latitude, longitude, speed, heading } = found.coords;
    const fix = { latitude, longitude, fix_at: new Date(line.now() - (Date.now() - found.timestamp)).toISOString() };
    if (Number.isFinite(speed) && speed >= 0) fix.speed_km_h = speed * 3.6;
    if (Number.isFinite(heading) && heading >= 0 && heading <= 360) fix.course = heading;
    try {
      const taken = await line.ask("POST", "/v1/field/position", fix);
      this.show(taken.in_the_future.length ? words.shareNot(words.shareRefused) : "");
    } catch (trouble) {
      if (trouble instanceof Problem) this.show(words.shareNot(trouble.message));
    }
  }

  show(why) {
    this.toggle.setAttribute("aria-pressed", String(this.wanted));
    this.toggle.textContent = this.wanted ? words.shared : words.share;
    this.why.textContent = why;
  }
}
