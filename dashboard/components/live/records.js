// The records of one job, as columns that grow.

const FEWEST_EPOCHS = 256;
const EMPTY = new Float64Array(0);

/** One run: a column of numbers by epoch for each name, and how it ended. */
export class Run {
  /** @type {Record<string, Float64Array>} */
  columns = {};
  count = 0;
  /** @type {{ kind: string, epoch: number } | null} */
  outcome = null;

  /** Put rows of some columns at their epochs, from `first` on; the same again change nothing. */
  write(first, names, rows) {
    const count = rows.length / names.length;
    const end = first - 1 + count;
    names.forEach((name, place) => {
      const column = this.reserve(name, end);
      for (let row = 0; row < count; row++) {
        column[first - 1 + row] = rows[row * names.length + place];
      }
    });
    this.count = Math.max(this.count, end);
  }

  reserve(name, epochs) {
    const held = this.columns[name] ?? EMPTY;
    if (epochs <= held.length) return held;
    const wider = new Float64Array(Math.max(FEWEST_EPOCHS, 2 * held.length, epochs)).fill(NaN);
    wider.set(held);
    this.columns[name] = wider;
    return wider;
  }

  /** A column of the epochs that are there. */
  column(name) {
    return (this.columns[name] ?? EMPTY).subarray(0, this.count);
  }
}

/** All runs of one job, and how far the job is. */
export class Records {
  /** @type {Map<number, Run>} */
  runs = new Map();
  seq = 0; // the first number of the job's events that may not be here
  /** @type {Record<string, any>} */
  progress = { state: "queued" };
  /** @type {Record<string, any> | null} */
  summary = null; // what is said of it
  /** @type {Figure["along"]} */
  along; // the axis below, of the figure that it was drawn in

  constructor(job) {
    this.job = job;
  }

  run(number) {
    const run = this.runs.get(number) ?? new Run();
    this.runs.set(number, run);
    return run;
  }

  /** Take in what a message says of the job. */
  heed(message) {
    this.seq = Math.max(this.seq, message.seq);
    if (message.say === "records") this.write(message);
    else if (message.say === "outcome") this.run(message.run).outcome = message.outcome;
    else if (message.say === "state") this.progress = message;
    else if (message.say === "summary") this.summary = message;
  }

  /** Take what one message brought: `columns` name a row's figures, `stretches` say whose it is. */
  write({ columns, stretches, rows }) {
    let start = 0;
    for (const [run, first, count] of stretches) {
      const end = start + count * columns.length;
      this.run(run).write(first, columns, rows.subarray(start, end));
      start = end;
    }
  }

  get points() {
    let points = 0;
    for (const run of this.runs.values()) points += run.count;
    return points;
  }

  /** The worst that happened to a run of it, apart from divergence, which is a result. */
  get badEnd() {
    const kinds = [...this.runs.values()].map((run) => run.outcome?.kind);
    return ["failed", "interrupted", "stopped"].find((kind) => kinds.includes(kind));
  }

  get done() {
    return ["done", "unknown"].includes(this.progress.state);
  }
}
