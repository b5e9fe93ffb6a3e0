// Where a value stands on a slider, and which values a slider stops at.
//
// A place is the scale's own coordinate: the value itself, its logarithm, or -log10(1 - value).
// The stops are values that people would choose.

// Twenty a decade, close to even: the preferred numbers, rounded to what people write.
const STEPS = [10, 11, 12, 14, 16, 18, 20, 22, 25, 28, 30, 35, 40, 45, 50, 55, 60, 70, 80, 90];
const LEFT_OF_DECADES = 0.5; // decades between 0 and the smallest value beside it
const DECIMALS_MAX = 12; // beyond, a sum of steps shows that it is binary
const PLAIN_FROM = 1e-3; // smaller values are written with an exponent
const PLAIN_BELOW = 1e6;

const tidy = (value) => Number(value.toPrecision(DECIMALS_MAX));

function decades(minimum, maximum) {
  const stops = [];
  for (let power = Math.floor(Math.log10(minimum)); power <= Math.log10(maximum); power++) {
    for (const step of STEPS) stops.push(Number(`${step}e${power - 1}`));
  }
  return stops.filter((value) => value >= minimum && value <= maximum);
}

// 0, 0.05 … 0.9, then 0.91 … 0.99, then 0.991 … 0.999 and so on.
function nearOne(minimum, maximum) {
  const stops = [];
  for (let step = 0; step < 18; step++) stops.push(tidy(step / 20));
  for (let unit = 0.1; unit >= 1e-6; unit /= 10) {
    for (let part = 10; part > 1; part--) stops.push(tidy(1 - unit * (part / 10)));
  }
  return stops.filter((value) => value >= minimum && value <= maximum);
}

function linear(minimum, maximum, step) {
  const count = Math.floor(tidy((maximum - minimum) / step)) + 1;
  return Array.from({ length: count }, (_, place) => tidy(minimum + place * step));
}

const KINDS = {
  linear: {
    stops: ({ minimum, maximum, step, off }) =>
      off === null ? linear(minimum, maximum, step) : [0, ...linear(minimum, maximum, step)],
    place: (value) => value,
    page: ({ maximum, minimum }) => (maximum - minimum) / 10,
  },
  log: {
    stops: ({ minimum, maximum }) => decades(minimum, maximum),
    place: Math.log10,
    page: () => 1,
  },
  "zero-log": {
    stops: ({ minimum, maximum }) => [0, ...decades(minimum, maximum)],
    place: (value, { minimum }) => (value > 0 ? Math.log10(value) : Math.log10(minimum) - LEFT_OF_DECADES),
    page: () => 1,
  },
  "near-one": {
    stops: ({ minimum, maximum }) => nearOne(minimum, maximum),
    place: (value) => -Math.log10(1 - value),
    page: () => 1,
  },
};

/** The scale of a slider: `stops`, `place(value)`, `nearest(place)`, `move(value, stops, places)`. */
export class Scale {
  constructor(data) {
    const kind = KINDS[data.scale];
    this.data = data;
    this.kind = kind;
    this.stops = kind.stops(data);
    this.places = this.stops.map((value) => this.place(value));
    this.first = this.places[0];
    this.last = this.places.at(-1);
    this.page = kind.page(data); // how far Page Up goes
  }

  place(value) {
    return this.kind.place(value, this.data);
  }

  /** The stop that is nearest to a place. */
  nearest(place) {
    let best = 0;
    this.places.forEach((one, index) => {
      if (Math.abs(one - place) < Math.abs(this.places[best] - place)) best = index;
    });
    return this.stops[best];
  }

  /** The next stop from a value, upwards (1) or downwards (-1); the last one stays. */
  next(value, direction) {
    const beyond = this.stops.filter((stop) => direction * (stop - value) > 0);
    return beyond.length ? (direction > 0 ? beyond[0] : beyond.at(-1)) : value;
  }

  /** The stop about a page away, at least the next one. */
  leap(value, direction) {
    const far = this.nearest(this.place(value) + direction * this.page);
    const next = this.next(value, direction);
    return direction * (far - next) > 0 ? far : next;
  }

  /** The value that was typed, where the slider itself can say what it is and that it is good. */
  typed(text) {
    const value = this.isWhole && text.includes(".") ? NaN : read(text); // 1.000: one, or thousand?
    const { minimum, maximum } = this.data;
    const inside = value >= minimum && value <= maximum && (!this.isWhole || Number.isInteger(value));
    return inside || this.stops.includes(value) ? value : undefined;
  }

  get isWhole() {
    return this.data.scale === "linear" && Number.isInteger(this.data.step);
  }
}

/** A number as people write it, with all its digits: 0.01, 2.5e-4, 1e-5. */
export function written(value) {
  const size = Math.abs(value);
  if (size === 0 || (size >= PLAIN_FROM && size < PLAIN_BELOW)) return String(value);
  return value.toExponential().replace("e+", "e");
}

/** A number in plain form, or NaN: Python reads whatever else people write. */
export function read(text) {
  const plain = text.trim();
  if (!/^[+-]?(\d+|\d*\.\d+)(e[+-]?\d+)?$/i.test(plain)) return NaN;
  const vanishes = Number(plain) === 0 && /[1-9]/.test(plain.split(/e/i)[0]); // 1e-400
  return vanishes ? NaN : Number(plain);
}
