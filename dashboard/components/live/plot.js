// The Plotly chart itself: made once, then only told what has changed.

import { make } from "./head.js";
import { annotate } from "./notes.js";
import { points } from "./series.js";
import { enlarged, ghostly, template, themeOf, thickened } from "./theme.js";
import { logTicks } from "./ticks.js";
import { readTogether } from "./together.js";

const NARROW = 520; // px
const PATIENCE = 1000; // ms, at most, until the page has nothing else to do
const CONFIG = { displayModeBar: false, responsive: false, showTips: false };
const AXIS = /^[xy]axis\d*$/;
const coarse = matchMedia("(pointer: coarse)");

let library;

/** Plotly.js, fetched by the first chart of the page; another attempt after a failed one. */
function plotly(path) {
  library ??= idle().then(() => loaded(path));
  return library;
}

/** When the rest of the page is there: reading so large a script holds everything else up. */
function idle() {
  return new Promise((done) => {
    if (window.requestIdleCallback) requestIdleCallback(done, { timeout: PATIENCE });
    else setTimeout(done);
  });
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

export class Plot {
  element = make("div", "lrl-plot");
  reset = make("button", "lrl-reset");
  resets = 0;

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
  async draw({ view, records }, ghost) {
    const library = await plotly(view.plotly);
    const start = performance.now();
    // Plotly writes what a visitor does into what it is given: it gets copies.
    const theme = themeOf(this.element);
    const data = structuredClone(view.figure.data).map((plain, place) => {
      const bind = view.binds[place];
      const trace = thickened(plain, theme);
      if (!bind) return trace; // a finished figure brings its own points
      if (!bind.ghost) return { ...trace, ...points(bind, records) };
      if (!ghost) return { ...trace, visible: false }; // nor is it drawn, or named in the legend
      return { ...trace, ...points(bind, ghost), opacity: ghostly(trace.opacity ?? 1, theme) };
    });
    const layout = this.layout(view, records, data, theme);
    this.together = Boolean(view.figure.together);
    await library.react(this.element, data, layout, CONFIG);
    if (!this.listens) this.listen();
    return performance.now() - start;
  }

  layout(view, records, data, theme) {
    const { clientWidth: width, clientHeight: height } = this.element;
    const layout = enlarged(structuredClone(formed(view.figure, width)), theme.scale);
    Object.assign(layout, Object.fromEntries(logTicks(layout, data, this.element.layout, height / theme.scale)));
    const revision = layout.uirevision ?? "live";
    const axes = Object.keys(layout).filter((name) => AXIS.test(name));
    const own = axes.map((name) => [
      name,
      { ...layout[name], uirevision: `${revision} ${this.resets}` },
    ]);
    const notes = annotate(view.notes, records, this.span(layout), theme);
    return {
      ...layout,
      ...Object.fromEntries(own),
      width,
      height,
      uirevision: revision,
      template: template(theme, width < NARROW),
      // A finger on the chart scrolls the page; a mouse zooms.
      dragmode: coarse.matches ? false : (layout.dragmode ?? "zoom"),
      shapes: [...(layout.shapes ?? []), ...notes.shapes],
      annotations: [...(layout.annotations ?? []), ...notes.annotations],
    };
  }

  /** The epochs in sight. */
  span(layout) {
    return this.element._fullLayout?.xaxis?.range ?? layout.xaxis?.range ?? [0, 1];
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

  /** A point of a trace that says which place its first point has: `picked` is told the place. */
  pick({ data, pointNumber }) {
    if (data.meta?.first === undefined) return;
    const [row, column] = Array.isArray(pointNumber) ? pointNumber : [0, pointNumber];
    this.picked?.(data.meta.first + row * (data.z?.[0].length ?? 0) + column);
  }

  close() {
    if (this.listens) window.Plotly.purge(this.element);
  }
}
