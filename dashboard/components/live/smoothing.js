// A line made smooth, for the eye; what was measured stays in sight behind it.

const KEPT = 0.9; // of the average at each epoch: it remembers about ten

/**
 * The exponential moving average of a column: average ← 0.9 · average + 0.1 · value, divided by the
 * weight that the values have had by then, so that it begins at the first of them (Adam's
 * correction, Kingma and Ba 2015, section 3). A gap stays one.
 */
export function smoothed(values) {
  let average = 0;
  let weight = 0;
  return Float64Array.from(values, (value) => {
    if (!Number.isFinite(value)) return NaN;
    average = KEPT * average + (1 - KEPT) * value;
    weight = KEPT * weight + (1 - KEPT);
    return average / weight;
  });
}
