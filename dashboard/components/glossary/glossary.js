// Terms of the field: what marks them in a text, and the sentence that explains each of them.

const EDGE = 8; // px to the edge of the window, and to the word
const TERM = ".lrl-term";

/**
 * A text with the first mention of every term marked, as a list of nodes to append.
 *
 * `terms` has by name the words that mention a term and its sentence, as `terms()` of glossary.py.
 */
export function explain(text, terms) {
  const nodes = [];
  let end = 0;
  for (const { name, start, mention } of mentions(text, terms)) {
    nodes.push(text.slice(end, start), marked(name, mention));
    end = start + mention.length;
  }
  nodes.push(text.slice(end));
  return nodes.filter((node) => node !== "");
}

/** Where a text mentions each of the terms first: `[{ name, start, mention }]`, in order. */
export function mentions(text, terms) {
  const owner = new Map(
    Object.entries(terms).flatMap(([name, term]) => term.mentions.map((word) => [word.toLowerCase(), name])),
  );
  const either = [...owner.keys()]
    .sort((a, b) => b.length - a.length)
    .map(bounded)
    .join("|");
  const told = new Set();
  const found = [];
  if (!either) return found;
  for (const match of text.matchAll(new RegExp(either, "gi"))) {
    const name = owner.get(match[0].toLowerCase());
    if (told.has(name)) continue;
    told.add(name);
    found.push({ name, start: match.index, mention: match[0] });
  }
  return found;
}

// A word of Latin letters stands alone; Chinese has no spaces between words.
function bounded(word) {
  const pattern = word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return /^\p{ASCII}+$/u.test(word) ? `(?<![A-Za-z])${pattern}(?![A-Za-z])` : pattern;
}

function marked(name, text) {
  const term = Object.assign(document.createElement("dfn"), {
    className: "lrl-term",
    tabIndex: 0,
    textContent: text,
  });
  term.dataset.term = name;
  term.setAttribute("aria-describedby", tipId(name));
  return term;
}

const tipId = (name) => `lrl-term-${name}`;

/** Streamlit calls this with each rerun: the sentences, one element each, outlive it. */
export default function ({ data, parentElement }) {
  parentElement.style.display = "contents";
  const style = getComputedStyle(parentElement);
  for (const [name, { sentence }] of Object.entries(data.terms)) tip(name, sentence, style);
  listen();
}

/** The element that explains a term; it takes the theme's colours along, for it stands outside. */
function tip(name, sentence, style) {
  let element = document.getElementById(tipId(name));
  if (!element) {
    element = Object.assign(document.createElement("div"), {
      id: tipId(name),
      className: "lrl-tip lrl-term-tip",
      popover: "manual", // over everything, whatever cuts its surroundings off
    });
    element.setAttribute("role", "tooltip");
    document.body.append(element);
  }
  if (element.textContent !== sentence) element.textContent = sentence;
  for (const name of ["font", "text-color", "background-color", "border-color", "base-radius"]) {
    const variable = `--st-${name}`;
    element.style.setProperty(variable, style.getPropertyValue(variable));
  }
}

/** @type {{ term: HTMLElement, element: HTMLElement } | null} */
let shown = null;
let listens = false;

/** One set of listeners for all terms, those that are still to come included. */
function listen() {
  if (listens) return;
  listens = true;
  const on = (name, act) => document.addEventListener(name, act, { capture: true, passive: true });
  const term = (event) => event.target.closest?.(TERM);
  on("pointerover", (event) => {
    if (event.pointerType !== "mouse") return; // a finger taps, and the tap shows it
    if (term(event)) show(term(event));
    else if (shown && shown.term !== document.activeElement) hide();
  });
  on("focusin", (event) => (term(event) ? show(term(event)) : hide()));
  on("focusout", hide);
  on("click", (event) => (term(event) ? show(term(event)) : hide()));
  on("keydown", (event) => event.key === "Escape" && hide());
  on("scroll", hide);
}

function show(term) {
  if (shown?.term === term) return;
  hide();
  const element = document.getElementById(tipId(term.dataset.term));
  if (!element) return;
  element.showPopover();
  const { left, top, bottom } = term.getClientRects()[0];
  const { offsetWidth: width, offsetHeight: height } = element;
  const below = bottom + EDGE + height <= innerHeight;
  element.style.left = `${Math.max(EDGE, Math.min(left, innerWidth - width - EDGE))}px`;
  element.style.top = `${below ? bottom + EDGE : Math.max(EDGE, top - EDGE - height)}px`;
  shown = { term, element };
}

function hide() {
  if (shown?.element.matches(":popover-open")) shown.element.hidePopover();
  shown = null;
}
