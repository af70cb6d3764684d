/* The tablet's line to its hub: asks for news again and again, knows when it last heard, and reckons the hub's time. */

const WAIT_S = 5;
const GRACE_MS = 4000;
const RETRY_MS = [500, 1000, 2000, 4000];

/** What the hub refused, with its own sentence. */
export class Problem extends Error {
  constructor(status, code, detail) {
    super(detail);
    this.status = status;
    this.code = code;
  }

  /** Whether it is this tablet that is refused, and not what it said. */
  get ofTablet() {
    return this.status === 401 || this.status === 429 || this.code === "unit-unknown";
  }
}

/** The hub was not reached, or could not do its part: the same may be sent again. */
export class NoLink extends Error {}

export class Line {
  /** `hears` is told `link()` when something was heard or the link went, and `refused(problem)` when the token ends. */
  constructor(token, hears) {
    this.token = token;
    this.hears = hears;
    this.answer = null;
    this.live = false;
    this.heardAt = null;
    this.stopped = false;
    this.waking = () => {};
  }

  /** The hub's time now, in ms since 1970; null before its first answer. */
  now() {
    if (this.answer === null) return null;
    return Date.parse(this.answer.hub_time) + (Date.now() - this.answeredAt) * this.answer.rate;
  }

  /** Ask for news until stopped or refused. */
  async run() {
    let misses = 0;
    while (!this.stopped) {
      const waits = this.live && this.answer !== null;
      const query = waits ? `?after=${this.answer.seq}&wait=${WAIT_S}` : "";
      try {
        const news = await this.ask("GET", `/v1/field/me${query}`, undefined, (waits ? WAIT_S * 1000 : 0) + GRACE_MS);
        misses = 0;
        this.heard(news);
      } catch (trouble) {
        if (this.stopped) return;
        if (trouble instanceof Problem) return this.refuse(trouble);
        this.lost();
        await this.pause(RETRY_MS[Math.min(misses++, RETRY_MS.length - 1)]);
      }
    }
  }

  /** Ask once, at once. */
  async refresh() {
    this.heard(await this.ask("GET", "/v1/field/me", undefined, GRACE_MS));
  }

  /** One request: what it answers (`unchanged` with the hub's time where nothing is new), or Problem, or NoLink. */
  async ask(method, path, body, within = 2 * GRACE_MS) {
    let reply, text;
    try {
      reply = await fetch(path, {
        method,
        cache: "no-store",
        headers: { authorization: `Bearer ${this.token}`, ...(body && { "content-type": "application/json" }) },
        body: body && JSON.stringify(body),
        signal: AbortSignal.timeout(within),
      });
      text = await reply.text();
    } catch (trouble) {
      throw new NoLink(String(trouble));
    }
    if (reply.status >= 500) throw new NoLink(`the hub answered ${reply.status}`);
    if (reply.status === 204) {
      return { unchanged: true, hub_time: reply.headers.get("hub-time"), rate: Number(reply.headers.get("hub-rate")) };
    }
    let said = null;
    try {
      said = text ? JSON.parse(text) : null;
    } catch {
      throw new NoLink("something else than the hub answered");
    }
    if (!reply.ok) throw new Problem(reply.status, said?.code ?? "", said?.detail ?? `${reply.status}`);
    return said;
  }

  /** What came: whether new or not, the link lives. An answer that was overtaken by a later one is not news. */
  heard(news) {
    if (this.stopped) return;
    this.live = true;
    if (!this.overtaken(news)) {
      this.answer = news.unchanged ? { ...this.answer, hub_time: news.hub_time, rate: news.rate } : news;
      this.answeredAt = Date.now(); // which goes on while the tablet sleeps
    }
    this.heardAt = this.now();
    this.hears.link();
  }

  /** Whether a later one was heard before it. Two may be of one millisecond: then the number tells. */
  overtaken(news) {
    if (this.answer === null) return false;
    const [told, held] = [Date.parse(news.hub_time), Date.parse(this.answer.hub_time)];
    return told < held || (told === held && !news.unchanged && news.seq < this.answer.seq);
  }

  lost() {
    const was = this.live;
    this.live = false;
    if (was) this.hears.link();
  }

  refuse(problem) {
    this.stop();
    this.hears.refused(problem);
  }

  stop() {
    this.stopped = true;
    this.live = false;
    this.waking();
  }

  /** Try again now and not later: the device says that it is online. */
  wake() {
    this.waking();
  }

  pause(ms) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.waking = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
