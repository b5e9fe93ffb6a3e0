// Ranges and ticks that teach: the accuracy zoomed to what happens, a rate that stays in its place.

const WHOLE = [0, 1.02]; // of an accuracy
const MARGIN = 0.03; // of what is seen, above and below it
const NEAR = 0.05; // of an accuracy: so far beyond its points an axis may always go
const STEPS = [0.25, 0.1, 0.05, 0.02]; // between ticks of an accuracy
const LEAST_STEP = 0.01;
const TICKS = 4; // there are at least so many, where a step allows it
const DEEPEST = -7; // decades below the highest rate; what falls further has stopped learning
const ROOM = 0.15; // decades between a rate and the edge of its axis
const SLACK = 2; // decades that an axis may be too wide for what it shows, before it moves
const TICK = 17; // px from one tick to the next
const PLAIN_FROM = -3; // 0.001, then 1e-4

/** The axis of accuracies that shows just these: its range, from tick to tick, and its ticks. */
export function zoomed(values) {
  const [least, most] = extent(values);
  if (least > most) return { range: WHOLE, dtick: 0.25 };
  const room = MARGIN * Math.max(most - least, 0.02);
  const dtick = STEPS.find((step) => most - least >= (TICKS - 1) * step) ?? LEAST_STEP;
  const half = dtick / 2; // an edge lies on a tick or half way to the next
  const from = Math.max(0, half * Math.floor((least - room) / half));
  const to = Math.min(WHOLE[1], half * Math.ceil((most + room) / half));
  return { range: [from, to].map((edge) => Number(edge.toFixed(4))), dtick };
}

/** Those of some lines that an axis which is zoomed to points has room for: about as much again. */
export function near(columns, lines) {
  const [least, most] = extent(columns);
  const room = Math.max(most - least, NEAR);
  return lines.filter((line) => line >= least - room && line <= most + room);
}

/**
 * The decades of a rate's axis, as powers of ten, with room for all positive values down to 1e-7 of
 * the highest.
 *
 * `held` is where the axis stands; there it stays while it has room for all, and not too much.
 *
 * @param {Iterable<number>[]} values
 * @param {number[] | null} held
 */
export function decades(values, held = null) {
  let [least, most] = extent(values, (value) => value > 0);
  if (least > most) return held ?? [-3, -1];
  [least, most] = [Math.log10(least), Math.log10(most)];
  const floor = Math.floor(most + DEEPEST);
  const range = [Math.max(Math.floor(least - ROOM), floor), Math.ceil(most + ROOM)];
  const fits = held && held[0] <= range[0] && held[1] >= range[1];
  const isWide = held && held[1] - held[0] > range[1] - range[0] + SLACK;
  return fits && !isWide ? held : range;
}

/** Ticks at powers of ten between two powers, as many as there is room for, as people write them. */
export function powers(range, height) {
  const [from, to] = range;
  const step = Math.max(1, Math.ceil(((to - from) * TICK) / height));
  const first = Math.ceil(from / step - 1e-9) * step;
  const exponents = [];
  for (let power = first; power <= to + 1e-9; power += step) exponents.push(power);
  return { tickvals: exponents.map((power) => 10 ** power), ticktext: exponents.map(writtenPower) };
}

function writtenPower(power) {
  if (power < PLAIN_FROM || power > 4) return `1e${power}`;
  return power < 0 ? (10 ** power).toFixed(-power) : String(10 ** power);
}

/**
 * The least and the most of the finite numbers in some columns; the other way round of none.
 *
 * @param {Iterable<number>[]} columns
 * @param {(value: number) => boolean} counts whether one of them counts
 */
export function extent(columns, counts = () => true) {
  let [least, most] = [Infinity, -Infinity];
  for (const values of columns) {
    for (const value of values) {
      if (!Number.isFinite(value) || !counts(value)) continue;
      if (value < least) least = value;
      if (value > most) most = value;
    }
  }
  return [least, most];
}
