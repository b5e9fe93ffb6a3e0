// A second run in the chart, beside the one that it is compared with: its records, and in a line
// under the chart how far it is and what is said of both.

import { explain } from "../glossary/glossary.js";
import { make, standing } from "./head.js";
import { Line } from "./line.js";
import { Records } from "./records.js";

export class Beside {
  /** @type {(NonNullable<View["beside"]> & { against: string | null, language: string }) | null} */
  view = null; // Python's data
  /** @type {Records | null} */
  records = null;
  /** @type {Line | null} */
  line = null;
  sentence = "";
  lost = false;
  known = false; // what Python has said

  /** `changed` is told when there is something to draw, `act` when a visitor stops or removes it. */
  constructor(socket, { changed, act }) {
    this.socket = socket;
    this.changed = changed;
    this.act = act;
    this.state = make("p", "lrl-beside-state");
    this.progress = make("progress");
    this.said = make("p", "lrl-beside-said");
    this.said.setAttribute("aria-live", "polite");
    this.button = make("button", "lrl-tool");
    this.button.type = "button";
    this.button.onclick = () => this.act(this.isBusy ? "stop" : "remove");
    const sample = make("span", "lrl-beside-line");
    this.element = make("div", "lrl-beside", sample, this.said, this.progress, this.state, this.button);
    this.element.setAttribute("role", "group");
    this.element.hidden = true;
  }

  get isBusy() {
    return this.records !== null && !this.records.done;
  }

  /** Take over what Python says now, of the chart's job as well; `beside` is null without a run. */
  show({ beside, job, language }) {
    const before = this.view;
    this.view = beside && { ...beside, against: job, language };
    this.element.hidden = !beside;
    if (beside?.job !== before?.job) this.begin();
    else if (beside && (job !== before?.against || language !== before?.language)) this.ask();
    this.stand();
    if (beside && beside.job !== before?.job && this.known) this.reveal();
    this.known = true;
  }

  /** Bring it into sight: on a phone the button that began it is far below. */
  reveal() {
    const { top, bottom } = this.element.getBoundingClientRect();
    if (top >= 0 && bottom <= innerHeight) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.element.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
  }

  begin() {
    this.line?.close();
    this.line = this.records = null;
    this.lost = false;
    this.sentence = "";
    this.changed(true);
    if (!this.view) return;
    const records = new Records(this.view.job);
    this.records = records;
    this.line = new Line(this.socket, {
      request: () => {
        const { language, against } = this.view ?? {};
        return { watch: records.job, since: records.seq, language, against };
      },
      hear: (message) => this.hear(message),
      lost: () => this.lose(),
    });
    this.ask();
  }

  lose() {
    this.lost = true;
    this.stand();
  }

  /** Hear of it, and of both again. */
  ask() {
    this.line?.ask();
  }

  hear(message) {
    const { records } = this;
    if (!records || message.job !== records.job) return; // of one that is no longer shown
    this.lost = false;
    const isFirst = records.points === 0;
    records.heed(message);
    if (message.say !== "state") this.changed(isFirst && message.say === "records");
    this.stand();
  }

  /** Say where it stands. */
  stand() {
    const { view, records } = this;
    if (!view || !records) return;
    const { state, done, total } = records.progress;
    const { words } = view;
    this.element.setAttribute("aria-label", words.region);
    this.progress.hidden = state !== "training";
    this.progress.setAttribute("aria-label", words.progress);
    if (total) Object.assign(this.progress, { max: total, value: done });
    write(this.state, this.lost ? words.lost : standing(records, words));
    this.said.setAttribute("aria-busy", String(this.isBusy));
    this.tell(records.summary?.sentence ?? "", view.terms);
    const [label, help] = this.isBusy ? ["stop", "stop_help"] : ["remove", "remove_help"];
    write(this.button, words[label]);
    this.button.title = words[help];
    this.button.setAttribute("aria-label", words[help]);
    this.element.dataset.state = state;
  }

  /** What is said of both, its terms marked. */
  tell(sentence, terms) {
    if (sentence === this.sentence) return; // else a screen reader would say it again
    this.sentence = sentence;
    this.said.replaceChildren(...explain(sentence, terms));
  }

  close() {
    this.line?.close();
  }
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
