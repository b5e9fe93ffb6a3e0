// Ticks of a logarithmic axis: at numbers that people read, as many as there is room for.

const ROOM = 18; // px from one tick to the next
const SHORT = 0.5; // decades; below, even steps read better, and Plotly finds them
const POWERS = 2; // decades; from here on powers of ten alone say enough
const ALONE = 2; // decades that Plotly shows around a single value
const PLAIN_FROM = 1e-3; // where all is smaller, exponents read better

/** For each logarithmic axis that leaves its ticks open: `[name, { dtick, tickformat }]`. */
export function logTicks(layout, data, held, height) {
  const open = Object.entries(layout).filter(
    ([name, axis]) => /^yaxis\d*$/.test(name) && axis.type === "log" && !("dtick" in axis) && !axis.tickvals,
  );
  return open.map(([name, axis]) => {
    const zoomed = held?.[name]?.autorange === false;
    const [from, to] = zoomed ? held[name].range : extent(data, matched(layout, name));
    const [bottom, top] = axis.domain ?? [0, 1];
    return [name, { ...axis, ...ticks(from, to, height * (top - bottom)) }];
  });
}

// The axes that share their range with one, itself among them, as traces name them.
function matched(layout, name) {
  const lead = (axis) => layout[axis].matches ?? axis.replace("axis", "");
  const all = Object.keys(layout).filter((axis) => /^yaxis\d*$/.test(axis));
  return all.filter((axis) => lead(axis) === lead(name)).map((axis) => axis.replace("axis", ""));
}

// The powers of ten between which the curves of some axes lie.
function extent(data, axes) {
  let [least, most] = [Infinity, 0];
  for (const trace of data) {
    if (!axes.includes(trace.yaxis ?? "y")) continue;
    for (const value of trace.y ?? []) {
      if (!(value > 0 && value < Infinity)) continue;
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
  }
  if (most === 0) return [0, 0];
  const [from, to] = [Math.log10(least), Math.log10(most)];
  return from === to ? [from - ALONE / 2, to + ALONE / 2] : [from, to];
}

function ticks(from, to, height) {
  const decades = to - from;
  if (decades < SHORT) return {};
  const tickformat = 10 ** to < PLAIN_FROM ? "~e" : "~g";
  if (decades < POWERS && 3 * decades * ROOM <= height) return { dtick: "D2", tickformat }; // 1, 2, 5, 10, …
  return { dtick: Math.max(1, Math.ceil((decades * ROOM) / height)) };
}
