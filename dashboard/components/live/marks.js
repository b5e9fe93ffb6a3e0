// What is marked on the chart: the lines that an accuracy is measured against, and evidence.

const APART = 14; // px from the name of a line to the next
const DOT = 5; // px, half the width of the ring around a single point
const NAME = 11; // px, of the letters

/**
 * Thin lines across the panel of accuracies, each with its name at its end and its number in the
 * tip of that; `axis` is the panel's in a layout, `height` how many pixels it has.
 */
export function referenceMarks(references, name, { range }, height, theme) {
  const yref = name.replace("axis", "");
  const [from, to] = range;
  const seen = references.filter(({ value }) => value >= from && value <= to);
  const places = spaced(seen.map(({ value }) => ((value - from) / (to - from)) * height));
  const shapes = seen.map(({ value }) => ({
    type: "line",
    xref: "x domain",
    yref,
    x0: 0,
    x1: 1,
    y0: value,
    y1: value,
    layer: "below",
    line: { color: theme.quiet, width: 1.25, dash: "2px,3px" },
  }));
  const annotations = seen.map(({ name: text, value, text: hovertext }, place) => ({
    text,
    hovertext,
    showarrow: false,
    xref: "x domain",
    yref,
    x: 1,
    y: value,
    xanchor: "left",
    xshift: 4,
    yshift: places[place],
    font: { size: NAME, color: theme.color },
    ...tip(theme),
  }));
  return { shapes, annotations };
}

/** How far each of some heights has to move so that no two names lie on each other. */
export function spaced(heights) {
  const order = heights.map((_, place) => place).sort((a, b) => heights[a] - heights[b]);
  const moved = [...heights];
  order.slice(1).forEach((place, before) => {
    const short = APART - (moved[place] - moved[order[before]]);
    if (short <= 0) return;
    moved[order[before]] -= short / 2;
    moved[place] += short / 2;
  });
  return moved.map((height, place) => height - heights[place]);
}

/**
 * Quiet spans where a verdict looks, in the panel of each column, with a tip that says what is seen
 * there; `roles` names the axis of a column, `factor` is how much of the axis below an epoch has.
 */
export function evidenceMarks(evidence, roles, factor, theme) {
  const shapes = [];
  const annotations = [];
  const placed = {};
  for (const one of evidence) {
    const axis = roles[one.column.replace("val_", "")];
    if (!axis) continue;
    const yref = axis.replace("axis", "");
    const [x0, x1] = [factor * one.from, factor * one.to];
    const isPoint = one.from === one.to;
    shapes.push(...(isPoint ? [ring(one, x0, yref, theme)] : span(one, x0, x1, yref, theme)));
    const nth = (placed[axis] = (placed[axis] ?? -1) + 1);
    annotations.push({
      text: "▾",
      hovertext: one.text,
      showarrow: false,
      xref: "x",
      yref: `${yref} domain`,
      x: isPoint ? x1 : (x0 + x1) / 2,
      y: 1,
      yanchor: "bottom",
      yshift: -5,
      xshift: nth * 0,
      font: { size: 15, color: theme.color },
      ...tip(theme),
    });
  }
  return { shapes, annotations };
}

function span({ kind, value }, x0, x1, yref, theme) {
  const shade = theme.dark ? "rgba(255, 255, 255, 0.06)" : "rgba(20, 40, 60, 0.055)";
  const box = { xref: "x", x0, x1, layer: "below" };
  const area = { ...box, type: "rect", yref: `${yref} domain`, y0: 0, y1: 1, fillcolor: shade, line: { width: 0 } };
  if (kind !== "level") return [area];
  const level = { ...box, type: "line", yref, y0: value, y1: value, line: { color: theme.color, width: 1 } };
  return [area, level];
}

function ring({ value }, x, yref, theme) {
  const sides = { x0: -DOT, x1: DOT, y0: -DOT, y1: DOT };
  const place = { xref: "x", yref, xsizemode: "pixel", ysizemode: "pixel", xanchor: x, yanchor: value };
  return { type: "circle", ...place, ...sides, line: { color: theme.color, width: 1.25 } };
}

function tip(theme) {
  const hoverlabel = { bgcolor: theme.background, bordercolor: theme.border };
  return { hoverlabel: { ...hoverlabel, font: { family: theme.font, color: theme.color, size: 13 } } };
}
