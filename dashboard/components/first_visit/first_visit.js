// The strip of a first visit: words, one button for the step at hand, one to close it for good.

import { explain } from "../glossary/glossary.js";
import { make } from "../live/head.js";

const KEPT = 400 * 24 * 3600; // seconds; no browser keeps a cookie longer

const strips = new WeakMap();

/** Streamlit calls this with each rerun. */
export default function ({ parentElement, data, setTriggerValue }) {
  if (!strips.has(parentElement)) strips.set(parentElement, new Strip(parentElement));
  strips.get(parentElement).update(data, setTriggerValue);
}

class Strip {
  constructor(place) {
    this.progress = make("span", "lrl-first-progress");
    this.seen = make("p", "lrl-first-seen");
    this.short = make("p", "lrl-first-short");
    this.ask = make("p", "lrl-first-ask");
    this.act = button("lrl-first-act");
    this.shut = button("lrl-first-close");
    this.pointer = make("style"); // follows the slider, whenever that is drawn
    const words = make("div", "lrl-first-words", this.seen, this.short, this.ask);
    words.setAttribute("aria-live", "polite");
    this.element = make("section", "lrl-first", this.progress, words, this.act, this.shut);
    place.replaceChildren(this.element, this.pointer);
  }

  update(data, trigger) {
    this.element.hidden = false;
    this.element.setAttribute("aria-label", data.title);
    this.progress.textContent = data.progress;
    for (const name of ["seen", "short", "ask"]) this.say(name, data);
    this.act.hidden = data.set === null;
    this.act.textContent = data.set;
    this.act.onclick = () => trigger("set", true);
    this.shut.textContent = "×";
    this.shut.title = data.close_help;
    this.shut.setAttribute("aria-label", data.close);
    this.shut.onclick = () => this.close(data, trigger);
    this.point(data.points_at);
  }

  // What is said already stays: a screen reader would say it again, and a tip would go.
  say(name, { terms, ...data }) {
    if (this[name].textContent === data[name]) return;
    this[name].replaceChildren(...explain(data[name], terms));
  }

  /** Put a line around the slider that is meant. */
  point(label) {
    const slider = `.lrl-slider-field:has(.lrl-slider[aria-label=${JSON.stringify(label)}])`;
    const rule = "{ outline: 2px solid var(--st-primary-color); outline-offset: 1px; border-radius: 2px; }";
    this.pointer.textContent = label === null ? "" : `${slider} ${rule}`;
  }

  close({ cookie }, trigger) {
    this.element.hidden = true;
    this.point(null);
    const { pathname } = new URL(".", document.baseURI);
    // biome-ignore lint/suspicious/noDocumentCookie: a CookieStore is there over HTTPS alone
    document.cookie = `${cookie}; path=${pathname}; max-age=${KEPT}; samesite=lax`;
    trigger("closed", true);
  }
}

function button(className) {
  return Object.assign(make("button", className), { type: "button" });
}
