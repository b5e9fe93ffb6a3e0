// Whether anything runs, for the page's style: `[data-lrl-running] .st-key-stop { … }`.

const LONG = 300; // ms; what is over sooner never shows a button that only flickers

const running = new Set(); // charts whose job goes on
const page = document.documentElement;
/** @type {number | undefined} */
let timer;

/** A chart's job goes on, or does not. */
export function run(chart, busy) {
  if (busy) running.add(chart);
  else running.delete(chart);
  if (running.size === 0) {
    clearTimeout(timer);
    timer = undefined;
    page.removeAttribute("data-lrl-running");
  } else {
    timer ??= setTimeout(() => page.setAttribute("data-lrl-running", ""), LONG);
  }
}
