// What stands above the chart: a sentence, figures, and how far the job is.

import { fill } from "./numbers.js";

const READABLE = 300; // ms; a training is often over before

/** The element `name` with a class, and children or text in it. */
export function make(name, className, ...children) {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

// Touching an element that already says it would make a screen reader say it again.
function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** What became of what was under way before: `from` is an epoch, `again` says that it began anew. */
function interruption(progress, words) {
  const { from, again, runs } = progress;
  if (from) return fill(runs > 1 ? words.goes_on_many : words.goes_on, progress);
  return again ? words.again : "";
}

/** Where a job stands, in the visitor's words; empty when there is nothing to say. */
export function standing(records, words) {
  const { state, what, ahead, runs } = records.progress;
  switch (state) {
    case "queued":
      if (!ahead) return "";
      return ahead === 1 ? words.waiting_one : fill(words.waiting, { ahead });
    case "loading":
      return what === "program" ? words.compiling : words.loading;
    case "training": {
      const far = fill(runs > 1 ? words.training_many : words.training, records.progress);
      const more = interruption(records.progress, words);
      return more ? fill(words.and_said, { said: far, more }) : far;
    }
    case "retrying":
      return records.progress.from
        ? fill(runs > 1 ? words.retrying_many : words.retrying_from, records.progress)
        : words.retrying;
    case "paused":
      return records.progress.full ? words.paused_full : words.paused;
    case "done":
      return words[records.badEnd] ?? "";
    default:
      return words[state] ?? "";
  }
}

export class Head {
  /** @type {number | null} */
  timer = null;
  sentence = make("span");
  pill = make("span");
  next = make("button", "lrl-next", this.pill);
  verdict = make("p", "lrl-verdict", this.sentence, this.next);
  figures = make("dl", "lrl-figures");
  status = make("p", "lrl-status");
  difference = make("b");
  name = make("span");
  against = make("p", "lrl-against", this.name, this.difference);

  /** `set` is told of the next step, when a visitor takes it. */
  constructor(set) {
    this.next.type = "button";
    this.next.hidden = true;
    this.next.onclick = () => set({ path: this.step.path, value: this.step.value });
    this.verdict.setAttribute("aria-live", "polite");
    this.status.setAttribute("role", "status");
    this.element = make(
      "div",
      "lrl-head",
      this.verdict,
      make("div", "lrl-row", this.figures, this.status, this.against),
    );
  }

  /** Show a summary: `{sentence, figures: [{label, value, title}], next: {path, value, text}}`. */
  tell({ sentence, figures, next }) {
    this.stepBack(false);
    say(this.sentence, sentence);
    this.step = next;
    this.next.hidden = !next;
    say(this.pill, next ? next.label : "");
    this.next.title = next ? next.text : "";
    this.next.setAttribute("aria-label", next ? `${next.label}: ${next.text}` : "");
    while (this.figures.children.length > figures.length) this.figures.lastChild.remove();
    while (this.figures.children.length < figures.length) {
      this.figures.append(make("div", "", make("dt"), make("dd")));
    }
    figures.forEach(({ label, value, title }, place) => {
      const [name, figure] = this.figures.children[place].children;
      say(name, label);
      say(figure, value);
      this.figures.children[place].title = title ?? "";
    });
  }

  /** Say by how much the run differs from the one before: `{label, value, title}`, or null. */
  compare(said) {
    say(this.name, said?.label ?? "");
    say(this.difference, said?.value ?? "");
    this.against.title = said?.title ?? "";
  }

  /** What is said is about the ghost, until something is known about the job that is shown. */
  stepBack(old) {
    this.element.toggleAttribute("data-before", old);
  }

  /**
   * Say where the job stands, unless that has passed before anybody could read it.
   *
   * `busy` keeps screen readers silent until the sentence is the last one.
   */
  stand(text, busy) {
    this.verdict.setAttribute("aria-busy", String(busy));
    this.text = text;
    if (text === "" || this.status.textContent !== "") say(this.status, text);
    else this.timer ??= setTimeout(() => this.read(), READABLE);
  }

  read() {
    this.timer = null;
    say(this.status, this.text);
  }
}
