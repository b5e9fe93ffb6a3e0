// What a visitor chooses of a chart, and what that makes of a layout: nothing is asked of a server.

import { decades, near, powers, zoomed } from "./axes.js";

/** The choices that hold: the first of each, unless another one that there is was chosen. */
export function chosen(figure, wanted = {}) {
  const all = Object.entries(figure.options ?? {});
  return Object.fromEntries(
    all.map(([name, values]) => [name, values.includes(wanted[name]) ? wanted[name] : values[0]]),
  );
}

/** How much of the axis below an epoch has; where runs differ in that, a bind or note says its own. */
export function perEpoch(along, options, one = {}) {
  return one.per_epoch?.[options.x] ?? along?.[options.x]?.per_epoch ?? 1;
}

const SCALES = {
  linear: { type: "linear", rangemode: "tozero", tickformat: "~g", nticks: 5 },
  log: { type: "log", exponentformat: "e", minexponent: 3, nticks: 5 },
};
const SCALED = ["type", "rangemode", "tickformat", "nticks", "exponentformat", "minexponent"];

/**
 * The axes that the options speak of, as they now are: by name. Those of one role stay alike.
 *
 * @param {{ rate?: number[] }} held
 */
export function shapedAxes(figure, layout, data, options, references, held, height, isNarrow) {
  const { roles = {} } = figure;
  const shaped = {};
  const shape = (role, part) =>
    roles[role]?.forEach((name) => {
      shaped[name] = { ...layout[name], ...part(name) };
    });
  const columns = (role) => {
    const axes = roles[role].map((name) => name.replace("axis", ""));
    return data.filter(({ y, yaxis = "y" }) => y && axes.includes(yaxis)).flatMap(columnsOf);
  };
  if (options.loss) {
    const none = Object.fromEntries(SCALED.map((name) => [name, undefined]));
    shape("loss", () => ({ ...none, ...SCALES[options.loss], autorange: true }));
  }
  const lines = references.map(({ value }) => value);
  if (options.accuracy === "zoomed") {
    const range = zoomed([...columns("accuracy"), lines]);
    shape("accuracy", () => range);
  }
  if (options.ends) {
    const isZoomed = options.ends === "zoomed";
    const ends = columns("ends");
    const range = isZoomed ? zoomed([...ends, near(ends, lines)]) : {};
    const colours = isZoomed ? {} : { cmin: 0, cmax: 1 };
    shape("ends", (name) => (name === "coloraxis" ? colours : range));
  }
  if (roles.learning_rate) {
    const range = decades(columns("learning_rate"), held.rate);
    held.rate = range;
    const pixels = ({ domain: [from, to] = [0, 1] }) => height * (to - from);
    const ticks = (name) => powers(range, pixels(layout[name]));
    shape("learning_rate", (name) => ({ range, autorange: false, ...ticks(name), tickmode: "array" }));
  }
  const along = figure.along?.[options.x];
  if (along) {
    const below = Object.keys(layout).filter((name) => /^xaxis\d*$/.test(name));
    const title = isNarrow || below.length > 1 ? along.short : along.title;
    for (const name of below) shaped[name] = alongside(layout[name], { ...along, title });
  }
  return shaped;
}

/** All numbers of a trace up its axis: its points, and where their error bars end. */
function columnsOf({ y, error_y }) {
  if (!error_y?.visible) return [y];
  return [
    y,
    ...[-1, 1].map((sign) => Array.from(y, (value, place) => value + sign * (error_y.array[place] ?? 0))),
  ];
}

function alongside(axis, { per_epoch, title, hover, format }) {
  return {
    ...axis,
    title: { ...axis.title, text: axis.title.text && title }, // of panels, the lowest alone are named
    range: axis.range.map((edge) => edge * per_epoch),
    hoverformat: format,
    unifiedhovertitle: { text: hover },
  };
}

/** Which choice an axis depends on: another one, and what was done to the axis is forgotten. */
export function revisionOf(figure, name, options) {
  if (name.startsWith("x")) return options.x ?? "";
  const role = Object.keys(figure.roles ?? {}).find((field) => figure.roles[field].includes(name));
  return (role && options[role]) ?? "";
}

/** What a visitor has chosen, told to Python and heard from it; what was told last, holds. */
export class Wishes {
  now = {};
  heard = "";
  told = []; // and not yet heard back

  /** Something else is chosen here. */
  choose(now) {
    this.now = now;
    this.told.push(written(now));
  }

  /** Python says what holds: an echo of what was chosen here changes nothing. */
  hear(options) {
    const said = written(options);
    const echo = this.told.indexOf(said);
    if (echo >= 0) this.told.splice(0, echo + 1);
    else if (said !== this.heard) this.now = options;
    this.heard = said;
  }
}

function written(options) {
  return JSON.stringify(Object.entries(options).sort());
}
