// Numbers as people write them; as dashboard/text/numbers.py has them.

const PLAIN_FROM = 1e-3;
const PLAIN_TO = 1e6;
const SHARES = ["accuracy", "val_accuracy"];

/** Three digits, plain from 0.001 up to a million, else with an exponent. */
export function short(value, digits = 3) {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (value === 0 || (size >= PLAIN_FROM && size < PLAIN_TO)) {
    return size >= 10 ** (digits - 1) ? value.toFixed(0) : String(Number(value.toPrecision(digits)));
  }
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
  return `${Number(mantissa)}e${Number(exponent)}`;
}

/** A figure of a record, by the name of its column: an accuracy in per cent. */
export function written(field, value) {
  if (!Number.isFinite(value)) return "–";
  return SHARES.includes(field) ? `${(100 * value).toFixed(1)} %` : short(value, 4);
}

/** The same with as many digits in every row, so that a column can be compared. */
export function aligned(field, value) {
  const size = Math.abs(value);
  const isPlain = !SHARES.includes(field) && size >= PLAIN_FROM && size < PLAIN_TO;
  return field.endsWith("loss") && isPlain && size < 1000 ? value.toPrecision(4) : written(field, value);
}

/** A difference of two accuracies in points, with its sign. */
export function points(difference) {
  const text = (100 * Math.abs(difference)).toFixed(1);
  if (Number(text) === 0) return "±0.0";
  return (difference < 0 ? "−" : "+") + text;
}

/** A sentence with its `{places}` filled. */
export function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}
