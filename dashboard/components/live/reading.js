// The lines of a chart as columns: to be read out step by step, and as a table. A step is an epoch,
// an update, or a value of what is varied; of a map, a cell.

import { written as endOf } from "./ends.js";
import { aligned, fill, points as inPoints, short, written } from "./numbers.js";
import { points } from "./series.js";

const ALOUD = 8; // figures that one can listen to; of more, the least and the most of each kind

/**
 * What a view shows, line by line: `[{ name, panel, field, isDifference, values, trace, at }]`, a
 * value a step.
 *
 * Of ends there are also `halves` and `counts`: half of each error bar, and of how many of how many
 * runs a figure is. `at` is where in its trace each step stands, where that is not the step's number.
 */
export function columnsOf({ figure, binds }, records) {
  return (figure.reading ?? []).map(({ trace, ...named }) => {
    const bind = binds[trace];
    const drawn = figure.data[trace];
    const column = {
      ...named,
      trace,
      field: named.field ?? bind?.field,
      isDifference: Boolean(bind?.minus?.length),
    };
    if (!bind) return { ...column, values: drawn.y };
    const found = points(bind, records);
    if (found.z) return { ...column, values: found.z.flat(), counts: found.customdata.flat() };
    if (!bind.cells) return { ...column, values: found.y };
    const at = figure.steps.at.map((x) => drawn.x.indexOf(x));
    const placed = (values) => at.map((place) => values[place]);
    const halves = found.error_y.visible ? placed(found.error_y.array) : undefined;
    return { ...column, at, values: placed(found.y), halves, counts: placed(found.customdata) };
  });
}

/** How many steps some columns have. */
export function longest(columns) {
  return Math.max(0, ...columns.map(({ values }) => values.length));
}

/**
 * What keys and a table go along: `{ count, across, head, name(step), said(step) }`, from step 1 on.
 *
 * Epochs, unless the figure says otherwise in its `steps`: `names` and `spoken` of each, or a
 * sentence `said` for the numbers on its axis. A map has so many `across`.
 */
export function stepsOf(figure, columns, words) {
  const {
    names,
    spoken: aloud,
    across = 1,
    head = words.epoch,
    said = words.said_epoch,
  } = figure.steps ?? {};
  const own = !names && figure.steps && figure.data[columns[0]?.trace]?.x;
  const name = (step) => String(names?.[step - 1] ?? own?.[step - 1] ?? step);
  return {
    count: longest(columns),
    across,
    head,
    name,
    said: (step) => (aloud ? `${aloud[step - 1]}${words.said_step}` : fill(said, { step: name(step) })),
  };
}

/** One figure of a column: an accuracy in per cent, differences with their sign, of which runs. */
export function figureOf(column, step, words, write = written) {
  const { field, isDifference, values, halves, counts } = column;
  const value = values[step - 1];
  const half = halves?.[step - 1];
  const [kept, all] = counts?.[step - 1] ?? [];
  const said = Number.isFinite(half) ? endOf(value, half) : plain(field, isDifference, value, words, write);
  return Number.isFinite(value) && kept < all ? fill(words.of_runs, { said, count: kept, total: all }) : said;
}

function plain(field, isDifference, value, words, write) {
  if (!isDifference || !Number.isFinite(value)) return write(field, value);
  if (field.endsWith("accuracy")) return fill(words.points, { value: inPoints(value) });
  return (value < 0 ? "−" : "+") + short(Math.abs(value));
}

/** A step in words. */
export function spoken(step, columns, words, steps = stepsOf({}, columns, words)) {
  const many = columns.length > ALOUD;
  const said = many ? ranges(step, columns, words) : columns.map((column) => one(step, column, words));
  return `${steps.said(step)} ${said.join(words.said_between)}`;
}

function one(step, column, words) {
  return `${column.name} ${figureOf(column, step, words)}`;
}

function ranges(step, columns, words) {
  const kinds = new Map();
  for (const column of columns) {
    const kind = words[`column_${column.field}`];
    kinds.set(kind, [...(kinds.get(kind) ?? []), column]);
  }
  return [...kinds].map(([kind, ours]) => {
    const known = ours.filter(({ values }) => Number.isFinite(values[step - 1]));
    const sorted = known.sort((a, b) => a.values[step - 1] - b.values[step - 1]);
    const [least, most] = [sorted[0], sorted.at(-1)].map((end) => (end ? figureOf(end, step, words) : "–"));
    return fill(words.said_range, { column: kind, low: least, high: most });
  });
}

/** The rows of some steps, as people write them: `[[name, figure, …], …]`. */
export function rows(columns, words, first, count, steps = stepsOf({}, columns, words)) {
  const last = Math.min(steps.count, first + count - 1);
  const wanted = Array.from({ length: Math.max(0, last - first + 1) }, (_, row) => first + row);
  return wanted.map((step) => [
    steps.name(step),
    ...columns.map((column) => figureOf(column, step, words, aligned)),
  ]);
}

// What a spreadsheet would calculate; core/experiment/cells.py has the same.
const FORMULA = /^'*[=+\-@\t\r\n＝＋－＠]/;

/** A name for a cell that no spreadsheet takes for a formula. */
const asText = (name) => (FORMULA.test(name) && Number.isNaN(Number(name)) ? `'${name}` : name);

/** All rows with a head, tab-separated and nothing rounded, as a spreadsheet takes it. */
export function tabbed(columns, words, steps = stepsOf({}, columns, words)) {
  const parts = columns.flatMap(({ name, values, halves }) => [
    [name, values],
    ...(halves ? [[`${name} ±`, halves]] : []),
  ]);
  const lines = [[steps.head, ...parts.map(([name]) => asText(name))]];
  for (let step = 1; step <= steps.count; step++) {
    lines.push([steps.name(step), ...parts.map(([, values]) => values[step - 1] ?? "")]);
  }
  return lines.map((line) => line.join("\t")).join("\n");
}
