// The records of one job, as columns that grow.

// The order of a row on the line; dashboard/live/frames.py says the same.
export const FIELDS = ["learning_rate", "loss", "accuracy", "val_loss", "val_accuracy"];
const FEWEST_EPOCHS = 256;

/** One run: a column of numbers for each field, by epoch, and how it ended. */
export class Run {
  columns = Object.fromEntries(FIELDS.map((field) => [field, new Float64Array(0)]));
  count = 0;
  outcome = null;

  /** Put rows at their epochs, from `first` on; the same rows again change nothing. */
  write(first, rows) {
    const count = rows.length / FIELDS.length;
    const end = first - 1 + count;
    this.reserve(end);
    FIELDS.forEach((field, place) => {
      const column = this.columns[field];
      for (let row = 0; row < count; row++) {
        column[first - 1 + row] = rows[row * FIELDS.length + place];
      }
    });
    this.count = Math.max(this.count, end);
  }

  reserve(epochs) {
    const held = this.columns.loss.length;
    if (epochs <= held) return;
    const room = Math.max(FEWEST_EPOCHS, 2 * held, epochs);
    for (const field of FIELDS) {
      const wider = new Float64Array(room).fill(NaN);
      wider.set(this.columns[field]);
      this.columns[field] = wider;
    }
  }
}

/** All runs of one job, and how far the job is. */
export class Records {
  runs = new Map();
  seq = 0; // the first number of the job's events that may not be here
  progress = { state: "queued" };

  constructor(job) {
    this.job = job;
  }

  run(number) {
    if (!this.runs.has(number)) this.runs.set(number, new Run());
    return this.runs.get(number);
  }

  /** Take what one message brought: `stretches` say whose rows they are. */
  write({ stretches, rows }) {
    let start = 0;
    for (const [run, first, count] of stretches) {
      const end = start + count * FIELDS.length;
      this.run(run).write(first, rows.subarray(start, end));
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
