// The entries of a history, the oldest first, and what each says of its settings.

import { short } from "../live/numbers.js";

export const MOST = 200;
const VERSION = 1;
const LINK_MOST = 20_000; // characters of a query; a link that Python reads is shorter
export const NAME_MOST = 40; // characters, as of a pin
const ENDS = ["finished", "diverged"];

const isText = (value, most) => typeof value === "string" && value.length <= most;
const isNumber = (value) => typeof value === "number" && Number.isFinite(value);

/** An entry of these values, and of no others; null where they make none. */
export function entry({ key, query, own, outcome, epochs, final, cause, time, name = "" }) {
  const isGood =
    isText(key, 100) &&
    isText(query, LINK_MOST) &&
    Array.isArray(own) &&
    own.every((path) => isText(path, 100)) &&
    ENDS.includes(outcome) &&
    isNumber(epochs) &&
    (final === null || isNumber(final)) &&
    (cause === null || isText(cause, 100)) &&
    isNumber(time) &&
    isText(name, NAME_MOST);
  return isGood ? { key, query, own, outcome, epochs, final, cause, time, name } : null;
}

/** The entries in a text that was kept; whatever else is in it is dropped. */
export function read(text) {
  try {
    const kept = JSON.parse(text);
    if (kept.version !== VERSION || !Array.isArray(kept.entries)) return [];
    const found = kept.entries.map((one) => (one && typeof one === "object" ? entry(one) : null));
    return found.filter(Boolean).reduce(added, []);
  } catch {
    return [];
  }
}

export function written(entries) {
  return JSON.stringify({ version: VERSION, entries });
}

/** With one more at the end; the same experiment moves there, and keeps its name. */
export function added(entries, one) {
  const before = entries.find(({ key }) => key === one.key);
  const others = entries.filter(({ key }) => key !== one.key);
  return [...others, { ...one, name: one.name || before?.name || "" }].slice(-MOST);
}

const fields = ({ query }) => Object.fromEntries(new URLSearchParams(query));

/**
 * What is not as in the tutorial's run, in words: `[{text, fresh}]`; fresh is what also differs from
 * the entry before, where there is one.
 *
 * `known` has the `labels` of fields, the `names` of their choices, which field `tells` better than
 * its name that a kind holds, and the `usual` values of what counts whatever the kinds are.
 */
export function pieces(one, before, known) {
  const now = fields(one);
  const then = before && fields(before);
  const usual = Object.keys(known.usual).filter(
    (path) => (now[path] ?? known.usual[path]) !== known.usual[path],
  );
  const own = one.own.filter((path) => path in now);
  const first = (path) => Number(!path.endsWith(".kind"));
  const paths = [...new Set([...own, ...usual])].sort((a, b) => first(a) - first(b));
  const told = new Map();
  for (const path of paths) {
    const teller = (path.endsWith(".kind") && known.tells[now[path]]) || path;
    const fresh = Boolean(then) && (now[path] !== then[path] || now[teller] !== then[teller]);
    told.set(teller, fresh || (told.get(teller) ?? false));
  }
  return [...told].map(([path, fresh]) => ({ text: piece(path, now[path], known), fresh }));
}

function piece(path, value, { labels, names, yes, no }) {
  const name = names[path]?.[value];
  if (name) return name;
  const label = lowered(labels[path] ?? path);
  if (path === "changes") return label;
  if (value === "true" || value === "false") return `${label} ${value === "true" ? yes : no}`;
  return `${label} ${Number.isFinite(Number(value)) && value !== "" ? short(Number(value), 6) : value}`;
}

/** For the middle of a sentence; what is no word, such as L2, stays. */
export function lowered(text) {
  return /^\p{Lu}\p{Ll}/u.test(text) ? text[0].toLowerCase() + text.slice(1) : text;
}

export function raised(text) {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** All entries as a file: settings, result, and the link of each. */
export function file(entries, page) {
  const history = entries.map((one) => ({
    time: new Date(one.time).toISOString(),
    name: one.name,
    link: `${page}?${one.query}`,
    settings: fields(one),
    outcome: one.outcome,
    epochs: one.epochs,
    final_test_accuracy: one.final,
    cause: one.cause,
  }));
  return `${JSON.stringify({ history }, null, 2)}\n`;
}
