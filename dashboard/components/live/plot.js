// The Plotly chart itself: made once, then only told what has changed.

import { make } from "./head.js";
import { CONFIG } from "./locale.js";
import { evidenceMarks, referenceMarks } from "./marks.js";
import { annotate, departures } from "./notes.js";
import { chosen, perEpoch, revisionOf, shapedAxes } from "./options.js";
import { painted } from "./rest.js";
import { points } from "./series.js";
import { smoothed } from "./smoothing.js";
import { enlarged, ghostly, template, themeOf, thickened } from "./theme.js";
import { logTicks } from "./ticks.js";
import { readTogether } from "./together.js";

const NARROW = 520; // px
const PATIENCE = 1000; // ms, at most, until the rest of the page is there
const LOOK = 20; // ms
const ON_ITS_WAY = "[data-testid=stSkeleton], [data-testid=stBidiComponentRegular] > div:empty";
const RAW = 0.35; // how strong a line is behind its own smoothed one
const FIRST = 999; // in the legend, where Plotly gives all others 1000
const AXIS = /^[xy]axis\d*$/;
const coarse = matchMedia("(pointer: coarse)");

let library;

/** Plotly.js, fetched by the first chart of the page; another attempt after a failed one. */
function plotly(path) {
  library ??= idle().then(() => loaded(path));
  return library;
}

/** When the rest of the page is there: reading so large a script holds everything else up. */
async function idle() {
  const late = performance.now() + PATIENCE;
  while (performance.now() < late && !isThere()) await new Promise((done) => setTimeout(done, LOOK));
  await painted();
}

/** Whether the page's script has ended, and every component has filled its place. */
function isThere() {
  const has = (selector) => document.querySelector(selector) !== null;
  return has("[data-test-script-state=notRunning]") && !has(ON_ITS_WAY);
}

function loaded(path) {
  return new Promise((resolve, reject) => {
    const script = make("script");
    script.src = new URL(path, document.baseURI).href;
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => {
      library = undefined;
      script.remove();
      reject(new Error(`Plotly: ${script.src} must be there, got nothing.`));
    };
    document.head.append(script);
  });
}

/** The layout that suits a width: "narrow" says what is different on a phone, axis by axis. */
function formed({ layout, narrow }, width) {
  if (!narrow || width >= NARROW) return layout;
  const axes = Object.keys(narrow).filter((name) => AXIS.test(name));
  const merged = axes.map((name) => [name, { ...layout[name], ...narrow[name] }]);
  return { ...layout, ...narrow, ...Object.fromEntries(merged) };
}

/** Whether a note is one of those that are shown with these options. */
function holds(only = {}, options) {
  return Object.entries(only).every(([name, value]) => options[name] === value);
}

/** Whether a trace is what was measured, not a rate, an edge of a band, or what was there before. */
function isResult(bind) {
  return bind && bind.field !== "learning_rate" && !bind.ghost && !bind.factor && !bind.cells;
}

/** Each line of a result faint, as it was measured, under its own smoothed one. */
function smooth(data, binds, theme) {
  const strong = data
    .filter((trace, place) => isResult(binds[place]) && trace.y)
    .map((trace) => ({
      ...trace,
      y: smoothed(trace.y),
      hoverinfo: "skip", // the hover tells what was measured
      hovertemplate: undefined,
      legendrank: FIRST,
    }));
  const line = { dash: "solid", width: 1.25 };
  const faint = { opacity: ghostly(RAW, theme), showlegend: false };
  const quiet = data.map((trace, place) =>
    isResult(binds[place]) ? { ...trace, ...faint, line: { ...trace.line, ...line } } : trace,
  );
  return [...quiet, ...strong];
}

/** A line of the run beside, over those of the run: thin, in the page's own ink; none without points. */
function over(trace, found, theme) {
  if (!found) return { ...trace, visible: false };
  return { ...trace, ...found, line: { ...trace.line, color: theme.color } };
}

/** By axis, the lines that the accuracies on it are measured against: of the data of its runs. */
function referencesOf({ references }, lines = []) {
  const axes = Object.entries(references?.axes ?? {});
  return axes.map(([name, data]) => [name, lines.filter((one) => (one.data ?? 0) === data)]);
}

/** Whether a panel names its lines: the first of a row does, and one whose data are others. */
function isFirst(name, axes, layout) {
  return layout[name].showticklabels !== false || new Set(Object.values(axes)).size > 1;
}

/** Where a step is on a map, as Plotly counts: row and column. */
function cell(step, { across }) {
  return [Math.floor((step - 1) / across), (step - 1) % across];
}

export class Plot {
  element = /** @type {PlotElement} */ (make("div", "lrl-plot"));
  reset = make("button", "lrl-reset");
  resets = 0;
  held = {}; // where axes stand that keep their place
  /** @type {(place: number) => void} */
  picked = () => {};
  /** @type {any} what was drawn last, once something was */
  last;
  said = []; // what the drawing says in words of lines that leave their axis

  constructor(redraw) {
    this.redraw = redraw;
    this.reset.type = "button";
    this.reset.hidden = true;
    this.reset.onclick = () => {
      this.resets++; // another revision of the axes: Plotly forgets what was done to them
      this.reset.hidden = true;
      redraw();
    };
  }

  /** Draw what is shown over the ghost of what was; how long Plotly took, in milliseconds. */
  async draw(shown, ghost, wanted) {
    const library = await plotly(shown.view.plotly);
    const start = performance.now();
    const theme = themeOf(this.element);
    const { clientWidth: width, clientHeight: height } = this.element;
    const options = chosen(shown.view.figure, wanted);
    const { data, layout } = this.figure({ shown, ghost, options, theme, width, height });
    // A finger on the chart scrolls the page; a mouse zooms.
    if (coarse.matches) layout.dragmode = false;
    this.together = Boolean(shown.view.figure.together);
    this.last = { shown, ghost, options };
    await library.react(this.element, data, layout, CONFIG);
    if (!this.listens) this.listen();
    return performance.now() - start;
  }

  /** What Plotly is told to hover, so that all figures of a step are shown, and in which panels. */
  hoverAt(step, columns, steps) {
    const { figure, binds } = this.last.shown.view;
    const traces = columns.map(({ trace }) => figure.data[trace]);
    const axes = [...new Set(traces.map(({ xaxis = "x", yaxis = "y" }) => xaxis + yaxis))];
    const [{ trace }] = columns;
    if (traces[0].type === "heatmap") {
      const pointNumber = cell(step, steps);
      return { at: columns.map((column) => ({ curveNumber: column.trace, pointNumber })), axes };
    }
    const own = figure.steps?.at ?? (binds[trace] ? null : traces[0].x);
    if (own) return { at: { xval: this.element._fullLayout.xaxis.d2c(own[step - 1]) }, axes };
    return { at: { xval: step * perEpoch(figure.along, this.last.options, binds[trace]) }, axes };
  }

  /** The same as a click on what a step shows, in the first line that has something there. */
  open(step, columns, steps) {
    const { figure } = this.last.shown.view;
    for (const { trace, at } of columns) {
      const data = figure.data[trace];
      if (data.type === "heatmap")
        return this.pick({ data: { ...data, z: [data.x] }, pointNumber: cell(step, steps) });
      if (at && at[step - 1] >= 0) return this.pick({ data, pointNumber: at[step - 1] });
    }
  }

  /** Data and layout in a theme and a size; Plotly writes into what it is given: it gets copies. */
  figure({ shown: { view, records, beside }, ghost, options, theme, width, height }) {
    const along = view.figure.along;
    const before = perEpoch(ghost?.along ?? along, options);
    const data = structuredClone(view.figure.data).map((plain, place) => {
      const bind = view.binds[place];
      const trace = thickened(plain, theme);
      if (!bind) return trace; // a finished figure brings its own points
      const factor = perEpoch(along, options, bind);
      if (bind.beside) return over(trace, beside && points(bind, beside, factor), theme);
      if (!bind.ghost) return { ...trace, ...points(bind, records, factor) };
      if (!ghost) return { ...trace, visible: false }; // nor is it drawn, or named in the legend
      const opacity = ghostly(trace.opacity ?? 1, theme);
      return { ...trace, ...points(bind, ghost, before), opacity };
    });
    const scene = { view, records, beside, options, theme, width, height };
    const layout = this.layout(scene, data);
    return { data: options.smooth === "on" ? smooth(data, view.binds, theme) : data, layout };
  }

  layout({ view, records, beside, options, theme, width, height }, data) {
    const { figure } = view;
    const factor = (note) => perEpoch(figure.along, options, note);
    const layout = enlarged(structuredClone(formed(figure, width)), theme.scale);
    const references = referencesOf(figure, records.summary?.references);
    const lines = references.flatMap(([, some]) => some);
    const isNarrow = width < NARROW;
    const shaped = shapedAxes(figure, layout, data, options, lines, this.held, height, isNarrow);
    Object.assign(layout, shaped);
    Object.assign(
      layout,
      Object.fromEntries(logTicks(layout, data, this.element.layout, height / theme.scale)),
    );
    const revision = layout.uirevision ?? "live";
    const axes = Object.keys(layout).filter((name) => AXIS.test(name));
    const own = axes.map((name) => {
      const choice = revisionOf(figure, name, options);
      return [name, { ...layout[name], uirevision: `${revision} ${this.resets} ${choice}` }];
    });
    const notes = view.notes.filter(({ only }) => holds(only, options));
    const left = departures(view, data, layout, theme);
    this.said = left.said;
    const marks = [
      annotate(notes, records, this.span(layout, options), theme, factor),
      left,
      ...references.map(([name, lines]) => this.measure(figure, layout, name, lines, theme, [width, height])),
      ...this.evidence(figure, layout, [records, beside], theme, factor()),
    ];
    return {
      ...layout,
      ...Object.fromEntries(own),
      width,
      height,
      uirevision: revision,
      template: template(theme, width < NARROW),
      dragmode: layout.dragmode ?? "zoom",
      shapes: [...(layout.shapes ?? []), ...marks.flatMap(({ shapes }) => shapes)],
      annotations: [...(layout.annotations ?? []), ...marks.flatMap((one) => one.annotations)],
    };
  }

  /** The lines that the accuracies of a panel are measured against. */
  measure({ references, single }, layout, name, lines, theme, [width, height]) {
    const panel = { domain: [0, 1], ...layout[name] };
    const pixels = (height - layout.margin.t - layout.margin.b) * (panel.domain[1] - panel.domain[0]);
    const within = references.within || (width < NARROW && !single);
    const inPanel = isFirst(name, references.axes, layout) ? "within" : "none";
    return referenceMarks(lines, name, panel, pixels, theme, within ? inPanel : "beside");
  }

  /** What the summaries of records mark on the chart of a single run. */
  evidence({ roles, single }, layout, both, theme, factor) {
    if (!single) return [];
    const evidence = both.flatMap((one) => one?.summary?.evidence ?? []);
    return [evidenceMarks(evidence, layout, roles, factor, theme)];
  }

  /** What is in sight of the axis below. */
  span(layout, options) {
    const moved = this.last?.options.x !== options.x; // the axis that is drawn is another one
    const drawn = moved ? null : this.element._fullLayout?.xaxis?.range;
    return drawn ?? layout.xaxis?.range ?? [0, 1];
  }

  listen() {
    this.listens = true;
    this.element.on("plotly_click", ({ points }) => this.pick(points[0]));
    readTogether(this.element, () => this.together);
    this.element.on("plotly_relayout", (change) => {
      const names = Object.keys(change);
      if (names.some((name) => name.includes(".range"))) this.reset.hidden = false;
      if (names.some((name) => name.includes(".autorange"))) this.reset.hidden = true;
      this.redraw(); // what is in sight decides on ticks and on where notes find room
    });
  }

  /** A point of a trace that says which place each point has: `picked` is told the place. */
  pick({ data, pointNumber }) {
    if (!data.meta?.places) return;
    const [row, column] = Array.isArray(pointNumber) ? pointNumber : [0, pointNumber];
    this.picked(data.meta.places[row * (data.z?.[0].length ?? 0) + column]);
  }

  close() {
    if (this.listens) window.Plotly.purge(this.element);
  }
}
