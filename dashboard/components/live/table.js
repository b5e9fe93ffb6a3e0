// The chart as a table, for those who do not see it and for those who want its numbers.

import { make } from "./head.js";
import { fill } from "./numbers.js";
import { rows, tabbed } from "./reading.js";

const ROWS = 100; // at a time; the others are a button away

/** A dialog over the page; `read()` is `{ columns, words, steps, isOfEpochs, title }`. */
export class CurveTable {
  first = 1;

  constructor(read) {
    this.read = read;
    this.caption = make("caption");
    this.head = make("thead");
    this.body = make("tbody");
    this.place = make("p", "lrl-curve-place");
    this.place.setAttribute("role", "status");
    this.earlier = this.button(() => this.turn(-ROWS));
    this.later = this.button(() => this.turn(ROWS));
    this.copy = this.button(() => this.take());
    this.close = this.button(() => this.element.close());
    const buttons = make("div", "lrl-curve-buttons", this.earlier, this.later, this.copy, this.close);
    const scroll = make("div", "lrl-curve-scroll", make("table", "", this.caption, this.head, this.body));
    scroll.tabIndex = 0; // scrolls by keys
    this.scroll = scroll;
    this.element = make("dialog", "lrl-curve", buttons, this.place, scroll);
    this.element.addEventListener("click", ({ target }) => target === this.element && this.element.close());
    this.element.addEventListener("close", () => this.element.remove());
  }

  button(act) {
    const button = make("button", "lrl-tool");
    button.type = "button";
    button.onclick = act;
    return button;
  }

  /** Open it in a place of the page, of which it is a part only as long as it is open. */
  open(place) {
    place.append(this.element);
    const { columns, words, steps, isOfEpochs, title } = this.read();
    const of = isOfEpochs ? "epochs" : "rows";
    this.first = 1;
    this.element.setAttribute("aria-label", words.table_help);
    this.scroll.setAttribute("role", "region");
    this.scroll.setAttribute("aria-label", words.table_help);
    this.caption.textContent = title;
    const names = [steps.head, ...columns.map(({ name }) => name)];
    const cells = names.map((name) => {
      const cell = make("th", "", name);
      cell.scope = "col";
      return cell;
    });
    this.head.replaceChildren(make("tr", "", ...cells));
    this.earlier.textContent = words[`table_earlier_${of}`];
    this.later.textContent = words[`table_later_${of}`];
    this.copy.textContent = words.copy;
    this.close.textContent = words.close;
    this.fill();
    this.element.showModal();
  }

  turn(by) {
    this.first = Math.max(1, this.first + by);
    this.fill();
    this.scroll.scrollTop = 0;
  }

  fill() {
    const { columns, words, steps, isOfEpochs } = this.read();
    const found = rows(columns, words, this.first, ROWS, steps);
    const lines = found.map(([step, ...figures]) => {
      const name = make("th", "", step);
      name.scope = "row";
      return make("tr", "", name, ...figures.map((figure) => make("td", "", figure)));
    });
    this.body.replaceChildren(...lines);
    const last = this.first + found.length - 1;
    const total = steps.count;
    const place = words[isOfEpochs ? "table_epochs" : "table_rows"];
    this.place.textContent = total ? fill(place, { first: this.first, last, total }) : words.said_nothing;
    this.earlier.disabled = this.first === 1;
    this.later.disabled = last >= total;
    this.earlier.hidden = this.later.hidden = total <= ROWS;
  }

  async take() {
    const { columns, words, steps } = this.read();
    await copied(tabbed(columns, words, steps), this.element);
    this.copy.textContent = words.copied;
  }
}

/** Put a text on the clipboard; without a secure context the old way, by a selection. */
async function copied(text, near) {
  try {
    return await navigator.clipboard.writeText(text);
  } catch {
    // no secure context, or forbidden
  }
  const area = make("textarea", "lrl-unseen");
  area.value = text;
  near.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}
