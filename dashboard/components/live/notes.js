// Words in the picture where the curves alone would leave a question.

import { fill, short } from "./numbers.js";

const DIVERGED = "#D55E00"; // vermilion: divergence and nothing else
const LINE_HEIGHT = 16; // px from one note to the next that would else lie on it
const GAP = 5; // px between a line and its words
const NAMED = 3; // lines in the words at an axis; of more, how many others
const NEARLY = 1e-6; // of a range, which an axis may miss by rounding

/**
 * The shapes and annotations that the notes ask for, given what the records show.
 *
 * `view` is the span in sight of the axis below, of which an epoch of a note has `factor(note)`; `theme` has the
 * colours of the page.
 *
 * @param {(note: object) => number} factor
 */
export function annotate(notes, records, view, theme, factor = () => 1) {
  const shapes = [];
  const annotations = [];
  const placed = {};
  for (const note of notes) {
    const run = records.runs.get(note.run);
    const epoch = run ? when[note.when](note, run) : 0;
    if (!epoch) continue;
    const nth = placed[note.yref] ?? 0;
    placed[note.yref] = nth + 1;
    const below = -LINE_HEIGHT * nth;
    const text = { text: note.text.replaceAll("{epoch}", epoch), showarrow: false };
    if (note.when === "diverged") {
      const x = factor(note) * epoch;
      shapes.push(line(note, x));
      annotations.push({ ...text, ...beside(note, x, view), ...written(theme), yshift: below });
    } else {
      annotations.push({ ...text, ...upperRight(note), ...written(theme), yshift: below });
    }
  }
  return { shapes, annotations };
}

/**
 * What is said where rates leave the axis that they are drawn on, at its foot or its top, and in
 * full as `said`, for those who do not see it.
 *
 * `view` is what is drawn, `data` and `layout` as they are drawn. What is exactly 0 has its own note.
 */
export function departures({ figure, binds, words }, data, layout, theme) {
  const rates = (figure.reading ?? []).filter(
    ({ trace, field }) => (field ?? binds[trace]?.field) === "learning_rate",
  );
  const sides = new Map(); // by axis and edge, the lines that lie beyond it
  for (const { trace, name } of rates) {
    for (const one of leaving(data[trace], layout, { name, own: !binds[trace] })) {
      const key = `${one.yaxis} ${one.side}`;
      sides.set(key, [...(sides.get(key) ?? []), one]);
    }
  }
  const kind = figure.steps ? "updates" : "epochs";
  const said = ({ name, side, edge, at }, named) => {
    const text = fill(words.chart[`beyond_${side}_${kind}`], { edge: short(edge), at });
    return named ? fill(words.chart.beyond_of, { name, said: text }) : text;
  };
  const annotations = [...sides.values()].map((lines) => {
    const isAlone = rates.filter(({ trace }) => (data[trace].yaxis ?? "y") === lines[0].yaxis).length === 1;
    const parts = lines.slice(0, NAMED).map((line) => said(line, !isAlone));
    if (lines.length > NAMED) parts.push(fill(words.chart.beyond_others, { count: lines.length - NAMED }));
    return { text: parts.join("<br>"), ...corner(lines, hasFootnotes(layout)), ...written(theme) };
  });
  const all = [...sides.values()].flat().map((line) => `${said(line, true)}${words.chart.said_step}`);
  return { shapes: [], annotations, said: all };
}

/** From where on a line lies beyond an edge of its axis, below and above. */
function leaving({ x, y = [], xaxis = "x", yaxis = "y" }, layout, { name, own }) {
  const axis = layout[yaxis.replace("y", "yaxis")];
  if (!axis?.range) return [];
  const [from, to] = axis.type === "log" ? axis.range.map((power) => 10 ** power) : axis.range;
  const [first, last] = layout[xaxis.replace("x", "xaxis")]?.range ?? [0, 1];
  const below = y.findIndex((value) => value > 0 && value < from * (1 - NEARLY));
  const above = y.findIndex((value) => value > to * (1 + NEARLY));
  return [
    { side: "below", place: below, edge: from },
    { side: "above", place: above, edge: to },
  ]
    .filter(({ place }) => place >= 0)
    .map((one) => ({
      ...one,
      ...{ name, xaxis, yaxis },
      at: own ? x[one.place] : one.place + 1,
      isEarly: (x[one.place] - first) / (last - first) < 0.5,
    }));
}

/** Whether a figure has words of its own at the foot of a panel. */
function hasFootnotes({ annotations = [] }) {
  return annotations.some(({ yref = "", y }) => yref.endsWith(" domain") && y < 0.5);
}

// In the corner that the lines are not in: of what has left early, the right one; where the foot has
// words already, the upper right, which a rate that has fallen leaves free.
function corner(lines, isTaken) {
  const [{ side, xaxis, yaxis }] = lines;
  const below = side === "below" && !isTaken;
  const isRight = !below || lines.every(({ isEarly }) => isEarly);
  return {
    showarrow: false,
    xref: `${xaxis} domain`,
    yref: `${yaxis} domain`,
    x: isRight ? 1 : 0,
    xanchor: isRight ? "right" : "left",
    xshift: isRight ? -GAP : GAP,
    y: below ? 0 : 1,
    yanchor: below ? "bottom" : "top",
    align: isRight ? "right" : "left",
  };
}

// The epoch that a note is about, or 0 when there is nothing to note.
const when = {
  diverged: (_, run) => (run.outcome?.kind === "diverged" ? run.outcome.epoch : 0),
  zero: (note, run) => run.column(note.field).findIndex((value) => value <= 0) + 1,
};

// Colour is the line's; words keep the text colour, which can be read at their size.
function written(theme) {
  return { font: { color: theme.color }, bgcolor: theme.background, borderpad: 1 };
}

function line(note, epoch) {
  return {
    type: "line",
    xref: note.xref,
    yref: note.yref,
    x0: epoch,
    x1: epoch,
    y0: 0,
    y1: 1,
    line: { color: note.color ?? DIVERGED, width: 1.75, dash: "dash" },
  };
}

function beside(note, epoch, [from, to]) {
  const late = (epoch - from) / (to - from) > 0.5;
  return {
    xref: note.xref,
    yref: note.yref,
    x: epoch,
    y: 1,
    xanchor: late ? "right" : "left",
    xshift: late ? -GAP : GAP,
    yanchor: "top",
  };
}

// A rate has fallen before it is 0, so the upper right of its panel is free.
function upperRight(note) {
  return {
    xref: `${note.xref} domain`,
    yref: note.yref,
    x: 1,
    y: 1,
    xanchor: "right",
    xshift: -GAP,
    yanchor: "top",
  };
}
