// What a visitor chooses of a chart, and what that makes of a layout: nothing is asked of a server.

import { decades, powers, zoomed } from "./axes.js";

/** The choices that hold: the first of each, unless another one that there is was chosen. */
export function chosen(figure, wanted = {}) {
  const all = Object.entries(figure.options ?? {});
  return Object.fromEntries(
    all.map(([name, values]) => [name, values.includes(wanted[name]) ? wanted[name] : values[0]]),
  );
}

/** How much of the axis below an epoch has. */
export function perEpoch(along, options) {
  return along?.[options.x]?.per_epoch ?? 1;
}

/** The axes that the options speak of, as they now are: by name. */
export function shapedAxes(figure, layout, data, options, references, held, height) {
  const { roles = {} } = figure;
  const shaped = {};
  const pixels = (name) => height * (layout[name].domain[1] - layout[name].domain[0]);
  const columns = (name) =>
    data.filter((trace) => (trace.yaxis ?? "y") === name.replace("axis", "") && trace.y).map(({ y }) => y);
  if (options.loss === "linear") {
    const { exponentformat, minexponent, ...axis } = layout[roles.loss];
    shaped[roles.loss] = { ...axis, type: "linear", rangemode: "tozero", tickformat: "~g" };
  }
  if (options.accuracy === "zoomed") {
    const lines = references.map(({ value }) => value);
    shaped[roles.accuracy] = { ...layout[roles.accuracy], ...zoomed([...columns(roles.accuracy), lines]) };
  }
  if (roles.learning_rate) {
    const range = decades(columns(roles.learning_rate), held.rate);
    held.rate = range;
    const axis = { ...layout[roles.learning_rate], range, autorange: false };
    shaped[roles.learning_rate] = { ...axis, ...powers(range, pixels(roles.learning_rate)), tickmode: "array" };
  }
  const along = figure.along?.[options.x];
  if (along) shaped.xaxis = alongside(layout.xaxis, along);
  return shaped;
}

function alongside(axis, { per_epoch, title, hover, format }) {
  return {
    ...axis,
    title: { ...axis.title, text: title },
    range: axis.range.map((edge) => edge * per_epoch),
    hoverformat: format,
    unifiedhovertitle: { text: hover },
  };
}

/** Which choice an axis depends on: another one, and what was done to the axis is forgotten. */
export function revisionOf(figure, name, options) {
  if (name === "xaxis") return options.x ?? "";
  const role = Object.keys(figure.roles ?? {}).find((field) => figure.roles[field] === name);
  return options[role] ?? "";
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
