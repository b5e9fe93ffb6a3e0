// A job that was stopped, or one whose place a new one takes: for a moment nobody can tell.

const SUPERSEDED = 300; // ms in which a new job follows; else it was stopped by somebody

/** Passes messages on to `heed`; from a stop on only when it is clear that no new job follows. */
export class Stop {
  /** @type {object[] | null} */
  held = null;

  constructor(heed) {
    this.heed = heed;
  }

  pass(message) {
    if (message.outcome?.kind === "stopped" && !this.held) {
      this.held = [];
      this.release = setTimeout(() => this.now(), SUPERSEDED);
    }
    if (this.held) this.held.push(message);
    else this.heed(message);
  }

  now() {
    const messages = this.held ?? [];
    this.held = null;
    for (const message of messages) this.heed(message);
  }

  /** A new job follows: what came of the one before is nothing to tell. */
  clear() {
    clearTimeout(this.release);
    this.held = null;
  }
}
