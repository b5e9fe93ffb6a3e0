// From records to how runs ended: one figure for each group of them, as soon as all of it is there.

const UNKNOWN = { mean: null, half: null, kept: null };

/**
 * What a bind of ends asks for: of each group in `cells`, the mean of the last `field` over its
 * runs that finished, once all of them have ended.
 *
 * With `columns` a grid of as many beside each other; without, points with an error bar of so many
 * sample standard deviations as `factors` says, by the number of those runs; `rounding` is the
 * variance of what was rounded off each value. `customdata` holds how many runs there were, of how
 * many, and the figure in words; `text` says how many to the eye, where runs were lost.
 */
export function ends(bind, records) {
  const found = bind.cells.map((numbers) => end(numbers, bind, records));
  const means = found.map(({ mean }) => mean);
  const counts = found.map(({ kept, mean, half }, place) => [
    kept,
    bind.cells[place].length,
    written(mean, half),
  ]);
  const lost = counts.map(([kept, all]) => (kept !== null && kept < all ? `${kept}/${all}` : ""));
  if (!bind.columns) {
    const array = found.map(({ half }) => half);
    const error_y = {
      type: "data",
      array,
      visible: bind.factors.some((factor) => factor > 0),
      thickness: 1.5,
      width: 4,
    };
    return { y: means, customdata: counts, text: lost, error_y };
  }
  const inRows = (values) =>
    Array.from({ length: values.length / bind.columns }, (_, row) =>
      values.slice(row * bind.columns, (row + 1) * bind.columns),
    );
  const broken = lost.map((text) => text && `<br>${text}`);
  return { z: inRows(means), customdata: inRows(counts), text: inRows(broken) };
}

/** A share with half of its error bar, where it has one: "82.4 ± 0.3 %". */
export function written(mean, half) {
  if (mean === null) return "–";
  const [value, margin] = [mean, half].map((share) => (100 * share).toFixed(1));
  return half > 0 ? `${value} ± ${margin} %` : `${value} %`;
}

function end(numbers, { field, factors, rounding = 0 }, records) {
  const runs = numbers.map((number) => records.runs.get(number));
  if (!runs.every((run) => run?.outcome)) return UNKNOWN;
  const kept = runs.filter((run) => run.outcome.kind === "finished" && run.count > 0);
  if (kept.length === 0) return UNKNOWN;
  const values = kept.map((run) => run.columns[field][run.count - 1]);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / (values.length - 1) + rounding);
  const half = values.length > 1 ? factors[values.length] * deviation : null;
  return { mean, half, kept: kept.length };
}
