// When the page's script has ended and what it said stands on the page.

const LOOK = 20; // ms

/** After the browser has put on the screen what was drawn; at the latest after a while. */
export function painted() {
  return new Promise((done) => {
    requestAnimationFrame(() => setTimeout(done));
    setTimeout(done, 500);
  });
}

/**
 * Whoever tells Python something sends along what all widgets hold. Before they hold what the
 * script that is still running gives them, Python would take their old values for a visitor's.
 */
export async function rested() {
  const app = document.querySelector("[data-test-script-state]"); // Streamlit's own, since 1.29
  const busy = () => ["running", "rerunRequested"].includes(app?.dataset.testScriptState);
  while (busy()) await new Promise((done) => setTimeout(done, LOOK));
  await painted();
}
