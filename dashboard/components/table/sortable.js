// A table whose headings sort it, and which is a list of cards where it is narrow.

const tables = new WeakMap();

/** Streamlit calls this with each rerun and each change of theme. */
export default function (component) {
  const place = component.parentElement;
  if (!tables.has(place)) tables.set(place, new Table(place));
  tables.get(place).update(component);
}

function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** An interval and its middle, drawn; the text beside it says the same. */
function interval([low, middle, high]) {
  const share = (value) => `${100 * Math.min(Math.max(value, 0), 1)}%`;
  const bar = make("span", { class: "lrl-table-bar", "aria-hidden": "true" });
  bar.style.setProperty("--low", share(low));
  bar.style.setProperty("--high", share(high));
  bar.style.setProperty("--middle", share(middle));
  return bar;
}

class Table {
  constructor(place) {
    this.head = make("tr");
    this.body = make("tbody");
    this.by = make("span", { class: "lrl-table-by" });
    this.table = make("table", { class: "lrl-table" }, make("thead", {}, this.head), this.body);
    place.replaceChildren(make("div", { class: "lrl-table-frame" }, this.table));
  }

  update({ data, setTriggerValue }) {
    this.trigger = setTriggerValue;
    const known = JSON.stringify(data);
    if (known === this.known) return; // what has the focus keeps it
    this.known = known;
    this.data = data;
    this.order = data.order;
    this.table.setAttribute("aria-label", data.label);
    this.draw();
  }

  draw() {
    const focus = document.activeElement;
    const focused = focus instanceof HTMLElement && this.head.contains(focus) && focus.dataset.name;
    const { columns, sortBy, lines } = this.data;
    const headings = columns.map((column) => this.heading(column));
    if (lines.some((line) => line.opens)) headings.push(make("td"));
    this.by.textContent = sortBy;
    headings[0].prepend(this.by);
    this.head.replaceChildren(...headings);
    this.body.replaceChildren(...this.sorted().map((place) => this.line(place)));
    if (focused) this.head.querySelector(`[data-name="${focused}"]`)?.focus();
  }

  heading({ name, label, help }) {
    const falls = this.order === `-${name}`;
    const sorts = falls || this.order === name;
    const button = make("button", { type: "button", title: help, "data-name": name }, label);
    button.onclick = () => this.choose(name);
    const sort = sorts ? (falls ? "descending" : "ascending") : "none";
    return make("th", { scope: "col", "aria-sort": sort }, button);
  }

  /** A click sorts by that column; another one turns it round. */
  choose(name) {
    const { falls } = this.data.columns.find((column) => column.name === name);
    const [first, second] = falls ? [`-${name}`, name] : [name, `-${name}`];
    this.order = this.order === first ? second : first;
    this.draw();
    this.trigger("order", this.order);
  }

  /** The places of the lines in order; what has no number comes last, either way. */
  sorted() {
    const { columns, lines } = this.data;
    const falls = this.order.startsWith("-");
    const column = columns.findIndex(({ name }) => name === this.order.replace(/^-/, ""));
    const number = (place) => lines[place].entries[column]?.number ?? null;
    return lines
      .map((_, place) => place)
      .sort((a, b) => {
        const [one, other] = [number(a), number(b)];
        if (one === null || other === null) return Number(one === null) - Number(other === null) || a - b;
        return (falls ? other - one : one - other) || a - b;
      });
  }

  line(place) {
    const { entries, opens } = this.data.lines[place];
    const cells = entries.map(({ text, title, muted, bar }, number) => {
      const attributes = { "data-label": this.data.columns[number].label };
      if (muted) attributes.class = "lrl-table-muted";
      if (title) attributes.title = title;
      if (bar) attributes["data-bar"] = "";
      if (number === 0) attributes.scope = "row";
      const parts = bar ? [text, interval(bar)] : [text];
      return make(number === 0 ? "th" : "td", attributes, ...parts);
    });
    if (opens) {
      const button = make("button", { type: "button", class: "lrl-table-open" }, opens);
      button.setAttribute("aria-label", `${opens}: ${entries[0].text}`);
      button.onclick = () => this.trigger("open", place);
      cells.push(make("td", { class: "lrl-table-end" }, button));
    }
    return make("tr", {}, ...cells);
  }
}
