// The quiet line under a chart: what can be chosen of it, its table, its picture.

import { make } from "./head.js";

/** A button of the line. */
export function tool(text, act, title = "") {
  const button = make("button", "lrl-tool", text);
  button.type = "button";
  button.onclick = act;
  if (title) button.title = title;
  return button;
}

/** Saves the chart: one button opens the kinds of file; Escape and a click elsewhere close them. */
export class PictureMenu {
  constructor(save) {
    this.opener = tool("", () => this.show(this.kinds.hidden));
    this.kinds = make("span", "lrl-kinds");
    this.files = ["png", "svg"].map((format) => tool("", () => this.take(save, format)));
    this.kinds.append(...this.files);
    this.element = make("span", "lrl-menu", this.opener, this.kinds);
    this.element.addEventListener("keydown", ({ key }) => {
      if (key !== "Escape" || this.kinds.hidden) return;
      this.show(false);
      this.opener.focus();
    });
    this.element.addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget && !this.element.contains(relatedTarget)) this.show(false);
    });
    this.show(false);
  }

  show(open) {
    this.kinds.hidden = !open;
    this.opener.setAttribute("aria-expanded", String(open));
  }

  async take(save, format) {
    await save(format);
    this.show(false);
    this.opener.focus();
  }

  say(words) {
    this.opener.textContent = words.picture;
    this.opener.title = words.picture_help;
    this.files[0].textContent = words.picture_png;
    this.files[1].textContent = words.picture_svg;
  }
}

/** The options of a chart as groups of buttons, of which the chosen one is pressed. */
export class Toolbar {
  said = ""; // which options there are, in which words
  buttons = [];
  groups = make("span", "lrl-groups");

  constructor(choose, ...tools) {
    this.choose = choose;
    this.element = make("div", "lrl-toolbar", this.groups, make("span", "lrl-tools", ...tools));
    this.element.setAttribute("role", "group");
  }

  /** Show what is chosen; the buttons are made anew only where there are others, or other words. */
  show(options = {}, chosen, words) {
    const said = JSON.stringify([options, words]);
    if (said !== this.said) this.make(options, words);
    this.said = said;
    this.element.setAttribute("aria-label", words.options);
    for (const { button, name, value } of this.buttons) {
      button.setAttribute("aria-pressed", String(chosen[name] === value));
    }
  }

  make(options, words) {
    this.buttons = [];
    const groups = Object.entries(options).map(([name, values]) =>
      values.includes("on") ? this.toggle(name, words) : this.group(name, values, words),
    );
    this.groups.replaceChildren(...groups);
  }

  group(name, values, words) {
    const group = make("span", "lrl-group", make("span", "lrl-group-name", words[name]));
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", words[name]);
    for (const value of values) {
      const button = tool(words[`${name}_${value}`], () => this.choose(name, value));
      this.buttons.push({ button, name, value });
      group.append(button);
    }
    return group;
  }

  toggle(name, words) {
    const press = () => this.choose(name, button.getAttribute("aria-pressed") === "true" ? "off" : "on");
    const button = tool(words[name], press, words[`${name}_help`]);
    this.buttons.push({ button, name, value: "on" });
    return make("span", "lrl-group", button);
  }
}
