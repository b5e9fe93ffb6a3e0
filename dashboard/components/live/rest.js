// When the page's script has ended and what it said stands on the page.

const LOOK = 20; // ms

/** After the browser has put on the screen what was drawn; at the latest after a while. */
export function painted() {
  return new Promise((done) => {
    requestAnimationFrame(() => setTimeout(done));
    setTimeout(done, 500);
  });
}

let telling = 0; // how many have yet to tell something
const page = document.documentElement;

/**
 * Whoever tells Python something sends along what all widgets hold. Before they hold what the
 * script that is still running gives them, Python would take their old values for a visitor's.
 * Meanwhile the page has `data-lrl-tells`.
 */
export async function rested() {
  /** @type {HTMLElement | null} */
  const app = document.querySelector("[data-test-script-state]"); // Streamlit's own, since 1.29
  const busy = () => ["running", "rerunRequested"].includes(app?.dataset.testScriptState ?? "");
  page.toggleAttribute("data-lrl-tells", ++telling > 0);
  while (busy()) await new Promise((done) => setTimeout(done, LOOK));
  await painted();
  painted().then(() => page.toggleAttribute("data-lrl-tells", --telling > 0)); // when it was told
}
