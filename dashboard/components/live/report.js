// What the chart did and when, for benchmarks, tests and the curious: `__lrl.charts.<key>`.

const JOBS_KEPT = 50;
const FIGURES_KEPT = 2000;
export const ENDED = "lrl-ended"; // told on the document when a single run has ended

/** Times by `performance.now()`, latencies and durations in milliseconds. */
export class Report {
  jobs = {}; // by job: when it was asked for, first and last painted, and its points then
  latencies = []; // from a frame's leaving the server to its being on the screen
  draws = []; // how long Plotly took
  /** @type {import("./records.js").Records | null} */
  records = null; // what is drawn

  /** @type {Record<string, any> | null} */
  ended = null; // of the last single run that has: its job, outcome, epochs, accuracy and cause

  constructor(key) {
    window.__lrl ??= { charts: {} };
    window.__lrl.charts[key] = this;
  }

  asked(job) {
    this.jobs[job] = { asked: performance.now(), firstPainted: null, lastPainted: null, points: 0 };
    for (const oldest of Object.keys(this.jobs).slice(0, -JOBS_KEPT)) delete this.jobs[oldest];
  }

  painted(job, points, sent) {
    const now = performance.now();
    const clock = performance.timeOrigin + now;
    this.latencies = [...this.latencies, ...sent.map((then) => clock - 1000 * then)];
    this.latencies.splice(0, this.latencies.length - FIGURES_KEPT);
    const entry = this.jobs[job];
    if (!entry || !points) return;
    entry.firstPainted ??= now;
    entry.lastPainted = now;
    entry.points = points;
  }

  end({ job, runs }, { cause }) {
    const [run] = runs.values();
    if (runs.size !== 1 || !run.outcome) return;
    const final = run.column("val_accuracy").at(-1) ?? null;
    this.ended = { job, outcome: run.outcome.kind, epochs: run.count, final, cause };
    document.dispatchEvent(new Event(ENDED));
  }

  drew(milliseconds) {
    this.draws.push(milliseconds);
    this.draws.splice(0, this.draws.length - FIGURES_KEPT);
  }
}
