// From records to how runs ended: one figure for each group of them, as soon as all of it is there.

const UNKNOWN = { mean: null, half: null };

/**
 * What a bind of ends asks for: of each group in `cells`, the mean of the last `field` over its
 * runs that did not diverge, once all of them have ended.
 *
 * With `columns` a grid of as many beside each other; without, points with an error bar of so many
 * sample standard deviations as `factors` says, by the number of those runs.
 */
export function ends(bind, records) {
  const found = bind.cells.map((numbers) => end(numbers, bind, records));
  const means = found.map(({ mean }) => mean);
  if (!bind.columns) {
    const array = found.map(({ half }) => half);
    return { y: means, error_y: { type: "data", array, visible: bind.factors.some((factor) => factor > 0), thickness: 1.5, width: 4 } };
  }
  const rows = Array.from({ length: means.length / bind.columns }, (_, row) => row * bind.columns);
  return { z: rows.map((first) => means.slice(first, first + bind.columns)) };
}

function end(numbers, { field, factors }, records) {
  const runs = numbers.map((number) => records.runs.get(number));
  if (!runs.every((run) => run?.outcome)) return UNKNOWN;
  const kept = runs.filter((run) => run.outcome.kind !== "diverged" && run.count > 0);
  if (kept.length === 0) return UNKNOWN;
  const values = kept.map((run) => run.columns[field][run.count - 1]);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const half = values.length > 1 ? factors[values.length] * Math.sqrt(squares / (values.length - 1)) : null;
  return { mean, half };
}
