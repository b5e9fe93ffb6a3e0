// When to draw: soon, but never so often that drawing is all the browser does.

const SHORTEST = 100; // ms from one drawing to the next; records come no faster
const SHORTEST_CALM = 1000; // for those who asked their system for less motion
const SHARE = 3; // a drawing may take at most a third of the time
const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** Calls `draw` (a promise) when asked to, at a bearable pace and only while there is a place. */
export class Pace {
  timer = null;
  wanted = false; // something to draw has come
  urgent = false;
  drawing = false;
  began = -Infinity; // when the last drawing began
  took = 0;

  constructor(draw, visible) {
    Object.assign(this, { draw, visible });
  }

  /** Draw before long; at once if `urgent`. */
  ask(urgent = false) {
    this.wanted = true;
    this.urgent ||= urgent;
    if (this.drawing || !this.visible()) return;
    const shortest = calm.matches ? SHORTEST_CALM : SHORTEST;
    const due = this.urgent ? 0 : this.began + Math.max(shortest, SHARE * this.took);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.frame(), Math.max(0, due - performance.now()));
  }

  /** With the next frame: it is painted right after, and what arrives until then is in it. */
  frame() {
    cancelAnimationFrame(this.next);
    this.next = requestAnimationFrame(() => this.now());
  }

  async now() {
    if (this.drawing || !this.wanted || !this.visible()) return;
    this.drawing = true;
    this.wanted = this.urgent = false;
    this.began = performance.now();
    try {
      await this.draw();
    } finally {
      this.took = performance.now() - this.began;
      this.drawing = false;
    }
    if (this.wanted) this.ask();
  }

  stop() {
    clearTimeout(this.timer);
    cancelAnimationFrame(this.next);
    this.visible = () => false;
  }
}
