// When to draw: soon, but never so often that drawing is all the browser does.

const SHORTEST = 50; // ms from one drawing to the next; records come every 100
const SHORTEST_CALM = 1000; // for those who asked their system for less motion
const SHARE = 3; // a drawing may take at most a third of the time
const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** Calls `draw` (a promise) when asked to, at a bearable pace and only while there is a place. */
export class Pace {
  /** @type {number | undefined} */
  timer = undefined;
  /** @type {number} */
  next = 0; // frame
  wanted = false; // something to draw has come
  urgent = false;
  earliest = 0; // before that, what is urgent waits for what belongs to it
  drawing = false;
  began = -Infinity; // when the last drawing began
  took = 0;

  constructor(draw, visible) {
    this.draw = draw;
    this.visible = visible;
  }

  /** Draw before long; at once if `urgent`, or in `patience` ms if nothing urgent comes before. */
  ask(urgent = false, patience = 0) {
    this.wanted = true;
    this.urgent ||= urgent;
    if (urgent) this.earliest = patience && performance.now() + patience;
    if (patience) cancelAnimationFrame(this.next);
    if (this.drawing) return; // whether there is a place, is asked when the page is laid out
    const shortest = calm.matches ? SHORTEST_CALM : SHORTEST;
    const due = this.urgent ? this.earliest : this.began + Math.max(shortest, SHARE * this.took);
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
    clearTimeout(this.timer);
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
