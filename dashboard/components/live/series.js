// From records to the points of a trace.

import { ends } from "./ends.js";
import { Run } from "./records.js";

const ABSENT = new Run();
let epochs = new Float64Array(0);

/** 1, 2, … up to `count`; a view of one array that all traces share. */
function firstEpochs(count) {
  if (count > epochs.length) {
    epochs = Float64Array.from({ length: Math.max(256, 2 * count) }, (_, epoch) => epoch + 1);
  }
  return epochs.subarray(0, count);
}

let scaled = new Float64Array(0);
let scale = 1;

/** The same epochs in another measure, of which each has `factor`; shared as well. */
function along(count, factor) {
  if (factor === 1) return firstEpochs(count);
  if (factor !== scale || count > scaled.length) {
    firstEpochs(count);
    scaled = epochs.map((epoch) => epoch * factor);
    scale = factor;
  }
  return scaled.subarray(0, count);
}

/** How many epochs to draw: those that every run has, or has ended before. */
function drawable(runs) {
  let longest = 0;
  let sure = Infinity;
  for (const run of runs) {
    longest = Math.max(longest, run.count);
    if (!run.outcome) sure = Math.min(sure, run.count);
  }
  return Math.min(longest, sure);
}

/**
 * The points that a bind asks for.
 *
 * y(epoch) is the mean over runs of (field[run] - field[minus run]), paired by position, plus
 * `factor` sample standard deviations; over the runs that have that epoch. `factors`, by the number
 * of those runs, goes before `factor`: an interval widens where runs have ended. `rounding` is the
 * variance of what was rounded off each value; beyond `limits` there is nothing. An epoch has `factor` of what the axis below counts.
 */
export function points(bind, records, factor = 1) {
  if (bind.cells) return ends(bind, records);
  const of = (number) => records?.runs.get(number) ?? ABSENT;
  const runs = bind.runs.map(of);
  const minus = (bind.minus ?? []).map(of);
  const count = drawable([...runs, ...minus]);
  const x = along(count, factor);
  if (runs.length === 1 && minus.length === 0) {
    return { x, y: runs[0].column(bind.field).subarray(0, count) };
  }
  const y = new Float64Array(count);
  for (let epoch = 0; epoch < count; epoch++) {
    const values = pairs(runs, minus, bind.field, epoch);
    const times = bind.factors?.[values.length] ?? bind.factor ?? 0;
    y[epoch] = summary(values, times, bind.rounding ?? 0, bind.limits ?? []);
  }
  return { x, y };
}

function pairs(runs, minus, field, epoch) {
  const values = [];
  runs.forEach((run, place) => {
    const other = minus[place];
    if (epoch >= run.count || (other && epoch >= other.count)) return;
    values.push(run.columns[field][epoch] - (other ? other.columns[field][epoch] : 0));
  });
  return values;
}

function summary(values, factor, rounding, [least = -Infinity, most = Infinity]) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (factor === 0 || values.length < 2) return mean;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const edge = mean + factor * Math.sqrt(squares / (values.length - 1) + rounding);
  return Math.min(Math.max(edge, least), most);
}
