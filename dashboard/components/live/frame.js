// What surrounds the drawing: options, table, picture, and the keys that read it.

import { Tip } from "../slider/tip.js";
import { Cursor } from "./cursor.js";
import { make } from "./head.js";
import { savePicture } from "./image.js";
import { chosen } from "./options.js";
import { columnsOf, stepsOf } from "./reading.js";
import { CurveTable } from "./table.js";
import { PictureMenu, Toolbar, tool } from "./toolbar.js";

const WIDTH = 1100; // px of a picture that is saved

let frames = 0;

/** Around a plot; `current()` is `{ view, records, options }`, `choose(options)` takes others. */
export class Frame {
  constructor(plot, chart, { current, choose }) {
    this.plot = plot;
    this.chart = chart;
    this.current = current;
    this.choose = choose;
    const id = `lrl-frame-${frames++}`;
    this.why = new Tip(`${id}-why`, `${id}-why-label`);
    this.why.button.id = `${id}-why-label`;
    this.why.button.className = "lrl-why";
    this.table = new CurveTable(() => this.subject());
    this.opener = tool("", () => this.table.open(this.element));
    this.menu = new PictureMenu((format) => this.save(format));
    this.toolbar = new Toolbar((name, value) => this.take(name, value), this.opener, this.menu.element);
    this.cursor = new Cursor(chart, plot.element, () => this.subject());
    this.chart.setAttribute("role", "group");
    this.element = make(
      "div",
      "lrl-frame",
      chart,
      plot.reset,
      this.why.button,
      this.why.element,
      this.cursor.voice,
      this.toolbar.element,
    );
  }

  /** What is read, and how. */
  subject() {
    const { view, records } = this.current();
    const words = view.words.chart;
    const columns = columnsOf(view, records);
    const steps = stepsOf(view.figure, columns, words);
    return {
      columns,
      words,
      steps,
      isOfEpochs: !view.figure.steps,
      title: titles(view, records)[0],
      hover: (step, ours) => this.plot.hoverAt(step, ours, steps),
      open: (step) => this.plot.open(step, columns, steps),
    };
  }

  take(name, value) {
    this.choose({ ...this.current().options, [name]: value }); // also what this view does not offer
  }

  save(format) {
    const { view, records } = this.current();
    return savePicture(this.plot, format, titles(view, records), [WIDTH, view.height]);
  }

  /** As the view and its options now are. */
  show() {
    const { view, options } = this.current();
    const { chart: words } = view.words;
    const isRead = Boolean(view.figure.reading?.length);
    this.toolbar.show(view.figure.options, chosen(view.figure, options), words);
    this.menu.say(words);
    this.opener.textContent = words.table;
    this.opener.title = words.table_help;
    this.opener.hidden = !isRead;
    this.why.say(view.figure.single ? words.why_help : "", words.why);
    if (isRead) this.chart.tabIndex = 0;
    else this.chart.removeAttribute("tabindex");
    this.chart.setAttribute("aria-label", isRead ? keysOf(view.figure, words) : view.words.chart_name);
  }

  /** The drawing is a new one: the step that is read stays in sight. */
  again() {
    this.cursor.point();
  }
}

/** Which keys there are. */
function keysOf({ steps, reading }, words) {
  const keys = steps?.keys ?? words.keys;
  const panels = new Set(reading.map(({ panel }) => panel));
  return panels.size > 1 ? `${keys} ${words.keys_panels}` : keys;
}

/** What a picture is called, line by line. */
function titles(view, records) {
  if (!view.title) return [document.title];
  return [view.title, records.summary?.sentence ?? ""].filter(Boolean);
}
