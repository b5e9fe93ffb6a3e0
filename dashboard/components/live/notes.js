// Words in the picture where the curves alone would leave a question.

const DIVERGED = "#D55E00"; // vermilion: divergence and nothing else
const LINE_HEIGHT = 16; // px from one note to the next that would else lie on it
const GAP = 5; // px between a line and its words

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
      annotations.push({ ...text, ...corner(note), ...written(theme), yshift: below });
    }
  }
  return { shapes, annotations };
}

// The epoch that a note is about, or 0 when there is nothing to note.
const when = {
  diverged: (_, run) => (run.outcome?.kind === "diverged" ? run.outcome.epoch : 0),
  zero: (note, run) =>
    run.column(note.field).findIndex((value) => value <= 0) + 1,
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
function corner(note) {
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
