// The lines of a chart as columns: to be read out epoch by epoch, and as a table.

import { aligned, fill, points as inPoints, short, written } from "./numbers.js";
import { points } from "./series.js";

const ALOUD = 8; // figures that one can listen to; of more, the least and the most of each kind

/** What a view shows, line by line: `[{ name, field, isDifference, values }]`, a value an epoch. */
export function columnsOf({ figure, binds }, records) {
  return (figure.reading ?? []).map(({ trace, name }) => {
    const { field, minus } = binds[trace];
    return { name, field, isDifference: minus.length > 0, values: points(binds[trace], records).y };
  });
}

/** How many epochs some columns have. */
export function longest(columns) {
  return Math.max(0, ...columns.map(({ values }) => values.length));
}

/** One figure of a column: an accuracy in per cent, and differences with their sign. */
export function figureOf({ field, isDifference }, value, words, write = written) {
  if (!isDifference || !Number.isFinite(value)) return write(field, value);
  if (field.endsWith("accuracy")) return fill(words.points, { value: inPoints(value) });
  return (value < 0 ? "−" : "+") + short(Math.abs(value));
}

/** An epoch in words. */
export function spoken(epoch, columns, words) {
  const many = columns.length > ALOUD;
  const said = many ? ranges(epoch, columns, words) : columns.map((column) => one(epoch, column, words));
  return `${fill(words.said_epoch, { epoch })} ${said.join(words.said_between)}`;
}

function one(epoch, column, words) {
  return `${column.name} ${figureOf(column, column.values[epoch - 1], words)}`;
}

function ranges(epoch, columns, words) {
  const fields = [...new Set(columns.map(({ field }) => field))];
  return fields.map((field) => {
    const ours = columns.filter((column) => column.field === field);
    const values = ours.map(({ values }) => values[epoch - 1]).filter(Number.isFinite);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const [least, most] = [low, high].map((value) => figureOf(ours[0], value, words));
    return fill(words.said_range, { column: words[`column_${field}`], low: least, high: most });
  });
}

/** The rows of some epochs, as people write them: `[[epoch, figure, …], …]`. */
export function rows(columns, words, first, count) {
  const last = Math.min(longest(columns), first + count - 1);
  const epochs = Array.from({ length: Math.max(0, last - first + 1) }, (_, row) => first + row);
  return epochs.map((epoch) => [
    String(epoch),
    ...columns.map((column) => figureOf(column, column.values[epoch - 1], words, aligned)),
  ]);
}

// What a spreadsheet would calculate; core/experiment/cells.py has the same.
const FORMULA = /^'*[=+\-@\t\r\n＝＋－＠]/;

/** A name for a cell that no spreadsheet takes for a formula. */
const asText = (name) => (FORMULA.test(name) && Number.isNaN(Number(name)) ? `'${name}` : name);

/** All rows with a head, tab-separated and nothing rounded, as a spreadsheet takes it. */
export function tabbed(columns, words) {
  const lines = [[words.epoch, ...columns.map(({ name }) => asText(name))]];
  for (let epoch = 1; epoch <= longest(columns); epoch++) {
    lines.push([epoch, ...columns.map(({ values }) => values[epoch - 1] ?? "")]);
  }
  return lines.map((line) => line.join("\t")).join("\n");
}
