// The live chart: one for each place on the page, kept through every rerun of the script.

import { Beside } from "./beside.js";
import { tellDevice } from "./device.js";
import { Frame } from "./frame.js";
import { Head, make, standing } from "./head.js";
import { Line } from "./line.js";
import { fill, points } from "./numbers.js";
import { Wishes } from "./options.js";
import { Pace } from "./pace.js";
import { Plot } from "./plot.js";
import { Records } from "./records.js";
import { Report } from "./report.js";
import { painted, rested } from "./rest.js";
import { run } from "./running.js";
import { Stop } from "./stop.js";

const STEP_BACK = 600; // ms without records of a new job, then the old curves are but a ghost
const MARKS = 40; // ms that a finished run waits for its marks, to be drawn with them at once
const RETRY = 2000; // ms, where Plotly itself could not be fetched

const charts = new WeakMap();

/** Streamlit calls this with each rerun and each change of theme. */
export default function (component) {
  const place = component.parentElement;
  if (!charts.has(place)) charts.set(place, new LiveChart(place, component.data));
  const chart = charts.get(place);
  chart.update(component);
  return () =>
    setTimeout(() => {
      if (place.isConnected) return; // an earlier call ends; the place has stayed
      charts.delete(place);
      chart.close();
    });
}

/** @typedef {{ view: View, records: Records, language?: string }} Scene Python's data, and a job's */

class LiveChart {
  /** @type {Scene} */
  shown; // what is drawn; like `trigger` from the first update on
  /** @type {Component<View>["setTriggerValue"]} */
  trigger;
  /** @type {Scene | null} */
  next = null; // what will be, as soon as it has records
  /** @type {Records | null} */
  ghost = null; // of the job before
  /** @type {number[]} */
  sent = []; // when the frames that are not yet painted left the server
  finished = new Set();
  lost = false;

  constructor(place, data) {
    this.head = new Head((next) => this.trigger("next", next));
    this.wishes = new Wishes();
    this.plot = new Plot(() => this.pace.ask(true));
    this.plot.picked = (place) => this.trigger("picked", place);
    this.waiting = make("p", "lrl-waiting");
    this.waiting.setAttribute("aria-hidden", "true"); // the status says it
    this.chart = make("div", "lrl-chart", this.plot.element, this.waiting);
    this.plot.element.setAttribute("role", "img");
    this.frame = new Frame(this.plot, this.chart, {
      current: () => ({ ...this.shown, options: this.wishes.now }),
      choose: (options) => this.choose(options),
    });
    this.beside = new Beside(data.socket, {
      changed: (fresh) => this.pace.ask(fresh),
      act: (what) => this.trigger("beside", what),
    });
    const parts = [this.head.element, this.frame.element, this.beside.element];
    this.section = make("section", "lrl-live", ...parts);
    place.replaceChildren(this.section);
    this.report = new Report(data.key);
    this.pace = new Pace(
      () => this.draw(),
      () => !document.hidden && this.plot.element.clientWidth > 0,
    );
    this.stop = new Stop((message) => this.heed(message));
    this.line = new Line(data.socket, {
      request: () => this.request(),
      hear: (message) => this.hear(message),
      lost: () => this.lose(true),
    });
    this.sizes = new ResizeObserver(() => this.pace.ask());
    this.sizes.observe(this.plot.element);
    this.look = () => this.pace.ask(true);
    document.addEventListener("visibilitychange", this.look);
  }

  get latest() {
    return this.next ?? this.shown;
  }

  /**
   * Take over what Python says now.
   *
   * @param {Component<View>} said
   */
  update({ data, setTriggerValue }) {
    const before = this.latest;
    this.trigger = setTriggerValue;
    this.chart.style.setProperty("--lrl-height", `${data.height}px`);
    this.chart.classList.toggle("lrl-none", data.height === 0);
    const narrow = data.figure.narrow?.height;
    this.chart.style.setProperty("--lrl-narrow-height", narrow ? `${narrow}px` : null);
    this.plot.reset.textContent = data.words.reset_zoom;
    this.wishes.hear(data.options);
    this.section.classList.toggle("lrl-single", Boolean(data.figure.single));
    this.beside.show(data);
    if (before?.view.job === data.job) {
      before.view = data;
      if (before.language !== data.language) this.ask();
      this.stand();
      this.pace.ask(true);
    } else {
      this.begin(data);
    }
    this.frame.show(); // also where the job before is still in sight
    this.describe();
  }

  /** Other options, at once; Python hears of them where it wants to. */
  choose(options) {
    this.wishes.choose(options);
    this.frame.show();
    this.pace.ask(true);
    if (this.shown.view.hears.includes("options")) this.trigger("options", options);
  }

  begin(view) {
    const records = new Records(view.job);
    records.along = view.figure.along;
    // What accuracies are measured against stays until it is known of the new job.
    records.summary = { references: this.latest?.records.summary?.references ?? [] };
    this.next = { view, records };
    this.sent = [];
    this.stop.clear();
    clearTimeout(this.stepBack);
    if (view.job === null || !this.shown?.records.points) this.turn();
    else this.stepBack = setTimeout(() => this.turn(), STEP_BACK);
    if (view.job !== null) this.report.asked(view.job);
    this.ask();
    this.stand();
  }

  ask() {
    this.latest.language = this.latest.view.language;
    if (this.latest.view.job !== null || this.line.socket) this.line.ask();
  }

  request() {
    const { view, records } = this.latest;
    return { watch: view.job, since: records.seq, language: view.language };
  }

  /** The new job takes the place; the one before stays as its ghost. */
  turn() {
    if (!this.next) return;
    clearTimeout(this.stepBack);
    if (this.shown?.records.points) this.ghost = this.shown.records;
    this.shown = this.next;
    this.next = null;
    if (this.ghost && !this.shown.records.points) this.head.stepBack(true);
    this.frame.show();
    this.pace.ask(true);
  }

  hear(message) {
    if (this.lost) this.lose(false);
    if (message.job === this.latest.records.job) this.stop.pass(message); // else no longer watched
  }

  /** The server is out of reach, or there again. */
  lose(lost) {
    this.lost = lost;
    this.stand();
  }

  heed(message) {
    const { records } = this.latest;
    const isFirst = records.points === 0;
    records.heed(message);
    this.told[message.say]?.call(this, message, records, isFirst);
  }

  /** What follows from a message that the records have taken in. */
  told = {
    records({ sent }, _, isFirst) {
      this.sent.push(sent);
      this.turn();
      this.pace.ask(isFirst);
    },
    outcome() {
      this.turn();
      this.pace.ask();
    },
    state({ device }, records) {
      tellDevice(device);
      if (records.done) this.finish(records);
      else this.reach(records);
      this.stand();
    },
    summary(summary, records) {
      const { next } = summary;
      const hears = this.latest.view.hears.includes("next");
      const step = hears && next && { ...next, label: this.latest.view.words.chart.next };
      this.head.tell({ ...summary, next: step });
      this.head.compare(this.against(records));
      const { single, references } = this.latest.view.figure;
      if (single || references) this.pace.ask(single && records.done); // others have no marks
      this.describe();
      if (records.done) this.report.end(records, summary);
    },
  };

  /** Say to those who do not see it what the chart shows. */
  describe() {
    const { view, records } = this.latest;
    const parts = [records.summary?.sentence || view.words.chart_name, ...this.plot.said];
    const said = parts.map((part) => part[0].toUpperCase() + part.slice(1)).join(" ");
    if (this.plot.element.ariaLabel !== said) this.plot.element.ariaLabel = said;
  }

  /** By how much the end of a single run differs from that of the one before. */
  against(records) {
    const { view } = this.latest;
    const [now, before] = [records, this.ghost].map((of) => of?.runs.get(0));
    const ends = [now, before].map((run) => run?.outcome?.kind === "finished" && run.count > 0);
    if (!view.figure.single || !ends.every(Boolean) || records === this.ghost) return null;
    const [last, old] = [now, before].map((run) => run.columns.val_accuracy[run.count - 1]);
    const { against: label, against_value, against_help: title } = view.words.chart;
    return { label, value: fill(against_value, { value: points(last - old) }), title };
  }

  /** Tell Python when all runs of another milestone have ended. */
  reach(records) {
    const ended = (run) => records.runs.get(run)?.outcome;
    const reached = this.latest.view.milestones.filter((runs) => runs.every(ended)).length;
    if (reached > (records.reached ?? 0)) this.tell("reached", reached);
    records.reached = reached;
  }

  finish(records) {
    const unknown = records.progress.state === "unknown"; // the page may hand it in again
    this.turn();
    this.pace.ask(true, this.shown.view.figure.single && !unknown ? MARKS : 0);
    this.beside.ask(); // what is said of both is told of both in full
    if (this.finished.has(records.job) || !(unknown || this.shown.view.tells)) return;
    this.finished.add(records.job);
    this.tell("finished", records.job);
  }

  /** Tell Python as soon as its script has ended, unless another job is watched by then. */
  async tell(what, value) {
    const { job } = this.latest.records;
    await rested();
    const leaves = document.documentElement.hasAttribute("data-lrl-leaves"); // for another page
    if (!leaves && !this.line.closed && job === this.latest.records.job) this.trigger(what, value);
  }

  /** Say where the job stands, beside the chart and, while that is empty, in it. */
  stand() {
    const { view, records } = this.latest;
    const nothing = view.job === null;
    const text = this.lost ? view.words.lost : nothing ? "" : standing(records, view.words);
    const busy = !nothing && !records.done;
    this.head.stand(text, busy);
    run(this, busy);
    this.waiting.textContent = this.shown?.records.points || this.ghost ? "" : text;
    this.section.toggleAttribute("data-waiting", this.waiting.textContent !== "");
  }

  /** What is drawn: the view, its records, and those beside them. */
  get scene() {
    return { ...this.shown, beside: this.beside.records };
  }

  async draw() {
    const { records } = this.shown;
    const sent = this.sent.splice(0);
    try {
      this.report.drew(await this.plot.draw(this.scene, this.ghost, this.wishes.now));
      this.frame.again();
      this.describe();
    } catch (failure) {
      this.again = setTimeout(() => this.pace.ask(true), RETRY);
      throw failure;
    }
    this.stand();
    this.mark(records);
    painted().then(() => this.report.painted(records.job, records.points, sent));
  }

  /** What is drawn, for tests and for those who look. */
  mark(records) {
    this.report.records = records;
    Object.assign(this.chart.dataset, {
      job: records.job ?? "",
      state: records.progress.state,
      points: records.points,
      ghost: this.ghost?.points ?? 0,
      beside: this.beside.records?.points ?? 0,
    });
  }

  close() {
    run(this, false);
    clearTimeout(this.stepBack);
    this.stop.clear();
    clearTimeout(this.again);
    this.pace.stop();
    this.sizes.disconnect();
    document.removeEventListener("visibilitychange", this.look);
    this.line.close();
    this.beside.close();
    this.plot.close();
  }
}
