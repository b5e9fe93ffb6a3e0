// What is marked on the chart: the lines that an accuracy is measured against, and evidence.

const APART = 14; // px from the name of a line to the next
const NAME = 11; // px, of the letters

/**
 * Thin lines across a panel of accuracies, each with its name and its number in the tip of that;
 * `axis` is the panel's in a layout, `height` how many pixels it has.
 *
 * The names stand `beside` the panel, at the lines' ends, or `within` it, where curves are seldom:
 * above a line that they rise to, below one that they begin at; or there are `none`.
 */
export function referenceMarks(references, name, { range, anchor = "x" }, height, theme, names = "beside") {
  const yref = name.replace("axis", "");
  const [from, to] = range;
  const seen = references.filter(({ value }) => value >= from && value <= to);
  const heights = seen.map(({ value }) => ((value - from) / (to - from)) * height);
  const across = { xref: `${anchor} domain`, yref };
  const shapes = seen.map(({ value }) => ({
    type: "line",
    ...across,
    x0: 0,
    x1: 1,
    y0: value,
    y1: value,
    layer: "below",
    line: { color: theme.quiet, width: 1.25, dash: "2px,3px" },
  }));
  if (names === "none") return { shapes, annotations: [] };
  const places = names === "beside" ? atTheEnds(heights) : inThePanel(heights, height, theme);
  const annotations = seen.map(({ name: text, value, text: hovertext }, place) => ({
    text,
    hovertext,
    showarrow: false,
    ...across,
    y: value,
    ...places[place],
    font: { size: NAME * theme.scale, color: theme.color },
    ...tip(theme),
  }));
  return { shapes, annotations };
}

function atTheEnds(heights) {
  return spaced(heights).map((yshift) => ({ x: 1, xanchor: "left", xshift: 4, yshift }));
}

function inThePanel(heights, height, theme) {
  const room = APART * theme.scale;
  return heights.map((at) => {
    const isUpper = at === Math.max(...heights);
    const isAbove = isUpper ? height - at >= room : at < room;
    const end = isUpper ? { x: 0, xanchor: "left" } : { x: 1, xanchor: "right" };
    return { ...end, yanchor: isAbove ? "bottom" : "top", borderpad: 0 };
  });
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
 * Quiet spans and points where a verdict looks, in the panel of each column, with a tip that says
 * what is seen there; `roles` names the axis of a column, `factor` is how much of the axis below an
 * epoch has.
 */
export function evidenceMarks(evidence, layout, roles, factor, theme) {
  const shapes = [];
  const annotations = [];
  for (const one of evidence) {
    const name = roles[one.column.replace("val_", "")]?.[0];
    if (!name) continue;
    const yref = name.replace("axis", "");
    const [x0, x1] = [factor * one.from, factor * one.to];
    const place = one.from === one.to ? point(one, x1, yref, layout[name]) : null;
    if (!place) shapes.push(...span(one, x0, x1, yref, theme));
    const sign = place ?? {
      text: "▾",
      x: (x0 + x1) / 2,
      y: 1,
      yref: `${yref} domain`,
      yanchor: "top",
      yshift: 4,
    };
    const font = { size: 15 * theme.scale, color: theme.color };
    annotations.push({ hovertext: one.text, showarrow: false, xref: "x", font, ...sign, ...tip(theme) });
  }
  return { shapes, annotations };
}

/** A ring around a point; null where a logarithmic axis has no place for it. */
function point({ value }, x, yref, { type }) {
  if (type === "log" && !(value > 0)) return null;
  return { text: "○", x, y: type === "log" ? Math.log10(value) : value, yref, yanchor: "middle" };
}

function span({ kind, value }, x0, x1, yref, theme) {
  const shade = theme.dark ? "rgba(255, 255, 255, 0.06)" : "rgba(20, 40, 60, 0.055)";
  const box = { xref: "x", x0, x1, layer: "below" };
  const across = { yref: `${yref} domain`, y0: 0, y1: 1 };
  const area = { ...box, ...across, type: "rect", fillcolor: shade, line: { width: 0 } };
  if (kind !== "level") return [area];
  const line = { color: theme.color, width: 1 };
  return [area, { ...box, type: "line", yref, y0: value, y1: value, line }];
}

function tip(theme) {
  const hoverlabel = { bgcolor: theme.background, bordercolor: theme.border };
  return {
    hoverlabel: { ...hoverlabel, font: { family: theme.font, color: theme.color, size: 13 * theme.scale } },
  };
}
