// Reading a curve by keys: an epoch at a time, shown as a mouse would show it, and read out.

import { make } from "./head.js";
import { longest, spoken } from "./reading.js";

const PAGE = 10; // epochs

/** Where a key leads from an epoch (0 before the first key) among so many; null for other keys. */
export function moved(key, epoch, count) {
  const to = {
    ArrowRight: epoch + 1,
    ArrowLeft: epoch ? epoch - 1 : count,
    PageDown: epoch + PAGE,
    PageUp: epoch - PAGE,
    Home: 1,
    End: count,
  }[key];
  return to === undefined ? null : Math.min(Math.max(to, 1), count);
}

/** Listens to the keys on an element; `read()` is `{ columns, words, at(epoch) }`. */
export class Cursor {
  epoch = 0;
  voice = make("p", "lrl-unseen");

  constructor(element, plot, read) {
    this.plot = plot;
    this.read = read;
    this.voice.setAttribute("aria-live", "polite");
    element.addEventListener("keydown", (event) => this.press(event));
    element.addEventListener("blur", () => this.leave());
  }

  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") return this.leave();
    const { columns, words } = this.read();
    const count = longest(columns);
    const to = moved(event.key, this.epoch, count);
    if (to === null || !columns.length) return;
    event.preventDefault(); // the page does not scroll
    event.stopPropagation();
    this.epoch = to;
    this.voice.textContent = count ? spoken(to, columns, words) : words.said_nothing;
    this.point();
  }

  /** Show the epoch, now and after each drawing. */
  point() {
    const subplots = this.plot._fullLayout?._subplots.cartesian;
    if (!this.epoch || !subplots) return;
    window.Plotly.Fx.hover(this.plot, { xval: this.read().at(this.epoch) }, subplots);
  }

  leave() {
    if (this.epoch && this.plot._fullLayout) window.Plotly.Fx.unhover(this.plot);
    this.epoch = 0;
  }
}
