// Reading a chart by keys: a step at a time, shown as a mouse would show it, and read out.

import { make } from "./head.js";
import { spoken } from "./reading.js";

const PAGE = 10; // steps

/**
 * Where a key leads from a step (0 before the first key) among so many; null for other keys.
 *
 * With several `across` the steps are the cells of a map, row by row.
 */
export function moved(key, step, count, across = 1) {
  if (across > 1) return inMap(key, step, count, across);
  const to = {
    ArrowRight: step + 1,
    ArrowLeft: step ? step - 1 : count,
    PageDown: step + PAGE,
    PageUp: step - PAGE,
    Home: 1,
    End: count,
  }[key];
  return to === undefined ? null : Math.min(Math.max(to, 1), count);
}

function inMap(key, step, count, across) {
  const place = (step || 1) - 1;
  const column = place % across;
  const [first, last] = [place - column, place - column + across - 1];
  const to = {
    ArrowRight: Math.min(place + 1, last),
    ArrowLeft: Math.max(place - 1, first),
    ArrowDown: place + across < count ? place + across : place,
    ArrowUp: place - across < 0 ? place : place - across,
    Home: first,
    End: last,
  }[key];
  if (to === undefined) return null;
  return step ? to + 1 : 1; // the first key shows where one is
}

const ASIDE = { ArrowDown: 1, ArrowUp: -1 }; // to the next panel

/** The columns that are read out together: those of a panel, where there are several. */
function panelsOf(columns) {
  const names = [...new Set(columns.map(({ panel }) => panel))];
  return names.map((name) => columns.filter(({ panel }) => panel === name));
}

/** Listens to the keys on an element; `read()` is `{ columns, words, steps, hover(step), open(step) }`. */
export class Cursor {
  step = 0;
  panel = 0; // of those that are read one by one
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
    const { columns, words, steps, open } = this.read();
    if (event.key === "Enter" && this.step) return open(this.step);
    const panels = panelsOf(columns);
    this.panel = Math.min(this.panel, panels.length - 1);
    const to =
      panels.length > 1 && event.key in ASIDE
        ? this.step
        : moved(event.key, this.step, steps.count, steps.across);
    if (to === null || !columns.length) return;
    event.preventDefault(); // the page does not scroll
    event.stopPropagation();
    if (panels.length > 1)
      this.panel = (this.panel + (ASIDE[event.key] ?? 0) + panels.length) % panels.length;
    this.step = to || 1;
    const ours = panels[this.panel];
    this.voice.textContent = steps.count ? spoken(this.step, ours, words, steps) : words.said_nothing;
    this.point();
  }

  /** Show the step, now and after each drawing. */
  point() {
    const subplots = this.plot._fullLayout?._subplots.cartesian;
    if (!this.step || !subplots) return;
    const { columns, hover } = this.read();
    const panels = panelsOf(columns);
    const { at, axes } = hover(this.step, panels[this.panel] ?? panels[0]);
    window.Plotly.Fx.hover(this.plot, at, panels.length > 1 ? axes : subplots);
  }

  leave() {
    if (this.step && this.plot._fullLayout) window.Plotly.Fx.unhover(this.plot);
    this.step = 0;
  }
}
