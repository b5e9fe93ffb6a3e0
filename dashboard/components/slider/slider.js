// A slider: a native slider on a scale of its own, and a field for the exact value.

import { Scale, written } from "./scale.js";
import { Tip } from "./tip.js";

const UP = new Set(["ArrowRight", "ArrowUp"]);
const DOWN = new Set(["ArrowLeft", "ArrowDown"]);

const sliders = new WeakMap();
let made = 0; // for ids that differ

/** Streamlit calls this with each rerun and each change of theme. */
export default function (component) {
  const place = component.parentElement;
  if (!sliders.has(place)) sliders.set(place, new Slider(place));
  sliders.get(place).update(component);
}

function make(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

class Slider {
  /** @type {Scale} */
  scale; // from the first update on
  value = null; // what the slider shows
  sent = null; // what Python knows
  revision = null;
  dragging = false;
  told = false; // Python has said what is wrong with a typed text, or is about to
  keyed = false; // keys have moved it, and are still down

  constructor(place) {
    const id = `lrl-slider-${++made}`;
    this.ids = { label: `${id}-label`, tip: `${id}-tip`, error: `${id}-error` };
    this.label = make("label", { for: id, id: this.ids.label });
    this.tip = new Tip(this.ids.tip, this.ids.label);
    this.exact = make("input", {
      class: "lrl-exact",
      type: "text",
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
    });
    this.track = make("input", { class: "lrl-slider", type: "range", id, step: "any" });
    this.error = make("p", { class: "lrl-error", id: this.ids.error });
    const top = make("div", { class: "lrl-slider-top" }, this.label, this.tip.button, this.exact);
    const parts = [top, this.track, this.error, this.tip.element];
    this.field = make("div", { class: "lrl-slider-field" }, ...parts);
    place.replaceChildren(this.field);
    this.listen();
  }

  listen() {
    this.track.addEventListener("pointerdown", () => (this.dragging = true));
    for (const end of ["pointerup", "pointercancel", "change"]) {
      this.track.addEventListener(end, () => (this.dragging = false));
    }
    this.track.addEventListener("input", () => this.slide());
    this.track.addEventListener("change", () => this.release());
    this.track.addEventListener("pointerup", () => this.show());
    this.track.addEventListener("keydown", (event) => this.press(event));
    this.track.addEventListener("keyup", () => this.keyed && this.release());
    this.track.addEventListener("blur", () => this.keyed && this.release());
    // The click that brings the cursor selects all, so that typing replaces; the next one does not.
    this.exact.addEventListener("focus", () => (this.entered = true));
    this.exact.addEventListener("click", () => {
      if (this.entered) this.exact.select();
      this.entered = false;
    });
    this.exact.addEventListener("change", () => this.type(this.exact.value));
    this.exact.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.refused ? this.type("") : this.show();
    });
  }

  /** Take over what Python says now; what the visitor has set stays unless Python overrules it. */
  update({ data, setStateValue }) {
    this.setStateValue = setStateValue;
    this.off = data.off;
    this.scale = new Scale(data);
    this.label.textContent = data.label;
    this.track.setAttribute("aria-label", data.label);
    const named = (words) => words.replace("{label}", data.label);
    this.exact.setAttribute("aria-label", named(data.words.exact));
    this.tip.say(data.help, named(data.words.help));
    this.track.min = this.scale.first;
    this.track.max = this.scale.last;
    if (data.revision !== this.revision) {
      this.revision = data.revision;
      this.value = this.sent = data.value;
      this.refuse(false);
      this.show();
    } else if (!data.error && this.refused) {
      this.refuse(false); // Python has nothing against what holds, so show that
      this.show();
    } else if (!this.dragging && document.activeElement !== this.exact) {
      this.show();
    }
    this.field.toggleAttribute("data-dim", Boolean(data.dim));
    this.explain(data.error ?? "", data.help);
  }

  explain(error, help) {
    this.error.textContent = error;
    this.told = Boolean(error);
    if (error) this.refuse(true);
    const told = error ? ` ${this.ids.error}` : "";
    this.track.setAttribute("aria-describedby", (help ? this.ids.tip : "") + told);
    this.exact.setAttribute("aria-describedby", this.ids.label + told);
  }

  refuse(refused) {
    this.refused = refused;
    this.exact.toggleAttribute("aria-invalid", refused);
    if (refused) this.exact.setAttribute("aria-invalid", "true");
  }

  text(value) {
    return value === 0 && this.off !== null ? this.off : written(value);
  }

  /** Show the value; while the thumb is held it stays under the finger. */
  show() {
    const place = this.scale.place(this.value);
    if (!this.dragging) this.track.value = place;
    if (!this.refused) this.exact.value = this.text(this.value);
    const { first, last } = this.scale;
    const share = (Number(this.track.value) - first) / (last - first);
    this.track.style.setProperty("--lrl-share", share);
    this.track.setAttribute("aria-valuetext", this.text(this.value));
  }

  /** The thumb was moved, by a pointer or by something that assists. */
  slide() {
    const place = Number(this.track.value);
    let value = this.scale.nearest(place);
    if (!this.dragging && value === this.value) {
      value = this.scale.next(value, Math.sign(place - this.scale.place(value)));
    }
    this.set(value);
  }

  press(event) {
    const value = this.keyTo(event.key);
    if (value === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.keyed = true;
    this.set(value);
  }

  /** The value that a key leads to, or undefined for a key that means nothing here. */
  keyTo(key) {
    const { scale, value } = this;
    if (UP.has(key)) return scale.next(value, 1);
    if (DOWN.has(key)) return scale.next(value, -1);
    if (key === "PageUp") return scale.leap(value, 1);
    if (key === "PageDown") return scale.leap(value, -1);
    if (key === "Home") return scale.stops[0];
    if (key === "End") return scale.stops.at(-1);
    return undefined;
  }

  set(value) {
    this.value = value;
    this.refuse(false);
    this.show();
  }

  /** Let go: the thumb goes to its stop, and Python hears of the value. */
  release() {
    this.keyed = false;
    this.show();
    if (this.value !== this.sent) this.send({ value: this.value });
    else if (this.told) this.send({ typed: "" }); // and has nothing against what holds
  }

  /** Text was typed. What the slider cannot take itself is Python's to read and to judge. */
  type(text) {
    const value = this.typed(text.trim());
    if (value === undefined) {
      this.refuse(true);
      this.told = true;
      this.send({ typed: text });
    } else {
      this.set(value);
      this.release();
    }
  }

  /** The value of a text: of none what holds, undefined where only Python knows. */
  typed(text) {
    if (text === "") return this.value;
    const isOff = this.off !== null && text.toLowerCase() === this.off.toLowerCase();
    return isOff ? 0 : this.scale.typed(text);
  }

  send(entry) {
    if ("value" in entry) this.sent = entry.value;
    // A text is answered, also one that means what holds already, or is typed a second time.
    const turn = "typed" in entry ? { turn: Date.now() } : {};
    this.setStateValue("entry", { ...entry, ...turn, revision: this.revision });
  }
}
