// What the frame of the pages does in the browser, ahead of Streamlit's own scripts.

(() => {
  const page = document.documentElement;

  // Streamlit would look for its server below a page's address first, and be told that there is
  // none. Pages lie one below the application.
  window.__streamlit = { BACKEND_BASE_URL: new URL("./", location.href).href };

  // Streamlit makes an entry in the history of every address that it writes. One goes back to what
  // one did: an address that a page completes by itself, or that follows as the second part of one
  // step (the settings of the next page, then its name), replaces the entry that it completes.
  const { pushState, replaceState } = history;
  // And whoever goes back has the address that they went to: what the server writes until they do
  // something is late, and of a step that they have left.
  let acted = false;
  let traversed = false;
  for (const act of ["pointerdown", "keydown", "input", "change"]) {
    addEventListener(act, () => ([acted, traversed] = [true, false]), true);
  }
  addEventListener(
    "click",
    ({ detail }) => {
      if (!detail) [acted, traversed] = [true, false]; // by a screen reader, without any pointer
    },
    true,
  );
  addEventListener("popstate", () => ([acted, traversed] = [false, true]));
  history.pushState = (state, title, url) => {
    if (traversed) return;
    const completes = !location.search && new URL(url ?? "", location.href).pathname === location.pathname;
    const isStep = acted && !completes;
    acted = false;
    (isStep ? pushState : replaceState).call(history, state, title, url);
  };
  history.replaceState = (...entry) => traversed || replaceState.apply(history, entry);

  // A link to a page that is shown to a room: large from the first moment on, not only when asked.
  page.toggleAttribute("data-lrl-present", /[?&]present=true(&|$)/.test(location.search));

  /** Whether what a button folds away is to be seen: `data-lrl-more`, `data-lrl-controls`. */
  function fold(button, open) {
    page.toggleAttribute(`data-lrl-${button.dataset.folds}`, open);
    button.setAttribute("aria-expanded", open);
  }

  const isOpen = (button) => page.hasAttribute(`data-lrl-${button.dataset.folds}`);
  /** @returns {HTMLElement | null} */
  const sheet = () => document.querySelector("[data-folds=more]");

  // Streamlit takes what a page says after a click on a link for a wish to stay.
  const LEAVES = 2000; // ms, in which the page that was asked for begins
  let leaving = 0;
  function leave() {
    page.toggleAttribute("data-lrl-leaves", true);
    clearTimeout(leaving);
    leaving = setTimeout(() => page.removeAttribute("data-lrl-leaves"), LEAVES);
  }

  addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : page;
    if (target.closest("[data-testid=stPageLink] a")) leave();
    const button = target.closest("[data-folds]");
    const more = sheet();
    if (button) fold(button, !isOpen(button));
    // A link leads away; a click anywhere else closes the sheet as well.
    if (more && button !== more && (target.closest("a") || !target.closest(".st-key-rest"))) {
      fold(more, false);
    }
  });

  addEventListener("keydown", ({ key }) => {
    const more = sheet();
    if (key !== "Escape" || !more || !isOpen(more)) return;
    fold(more, false);
    more.focus();
  });

  // What is unfolded comes into view. It is drawn only then, so its height is not yet known.
  const DRAWN = 1500; // ms, in which its content has come
  /** @type {ResizeObserver | null} */
  let unfolded = null; // follows the one that was unfolded last

  function stopFollowing() {
    unfolded?.disconnect();
    unfolded = null;
  }

  /** Scroll what it lies in, and nothing around that: beside a column the chart stays in its place. */
  function show(details, behavior) {
    let column = details.parentElement;
    while (column && !scrolls(column)) column = column.parentElement;
    if (!column || column.matches(".stMain")) {
      details.scrollIntoView({ block: "nearest", behavior });
      return;
    }
    const inner = details.getBoundingClientRect();
    const outer = column.getBoundingClientRect();
    const above = inner.top - outer.top;
    const by = Math.min(above, Math.max(0, inner.bottom - outer.bottom));
    if (by) column.scrollTo({ top: column.scrollTop + by, behavior });
  }

  function scrolls(element) {
    const scrollable = /auto|scroll/.test(getComputedStyle(element).overflowY);
    return scrollable && element.scrollHeight > element.clientHeight;
  }

  function intoView(details) {
    stopFollowing();
    if (!details.open) return;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const follow = new ResizeObserver(() => show(details, still ? "instant" : "smooth"));
    unfolded = follow;
    follow.observe(details);
    setTimeout(() => unfolded === follow && stopFollowing(), DRAWN);
  }

  for (const act of ["wheel", "touchmove", "keydown"]) {
    addEventListener(act, stopFollowing, { passive: true }); // where one looks oneself
  }
  addEventListener("click", ({ target }) => {
    if (!(target instanceof Element)) return;
    const details = target.closest(".stExpander summary")?.parentElement;
    if (details) requestAnimationFrame(() => intoView(details));
  });

  /** Say of the navigation what Streamlit has no words for: that it is one, and where one is. */
  function name() {
    const skip = document.querySelector("[data-testid=stSkipToContent]");
    if (skip && page.dataset.lrlSkip && skip.textContent !== page.dataset.lrlSkip) {
      skip.textContent = page.dataset.lrlSkip; // Streamlit says it in English only
    }
    const bar = document.querySelector(".st-key-header");
    if (!bar) return;
    bar.setAttribute("role", "navigation");
    bar.setAttribute("aria-label", page.dataset.lrlPages ?? "");
    for (const button of bar.querySelectorAll("[data-folds]")) fold(button, isOpen(button));
    for (const link of bar.querySelectorAll("a")) {
      const here = link.closest(`.st-key-nav-${page.dataset.lrlPage}`);
      if (here) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
      if (!link.getAttribute("href")) link.setAttribute("href", "./"); // in a tab of its own, too
    }
  }

  // A page is put together out of sight, until nothing of it is still on its way.
  const PATIENCE = 3000; // ms, then what there is will do
  // A part of Streamlit's own, or a component of ours whose script has not filled its place.
  const ON_ITS_WAY = "[data-testid=stSkeleton], [data-testid=stBidiComponentRegular] > div:empty";
  const begun = () => page.removeAttribute("data-lrl-begins");
  page.setAttribute("data-lrl-begins", "");
  addEventListener("load", () => setTimeout(begun, PATIENCE));

  function begin() {
    if (!page.hasAttribute("data-lrl-begins") || !page.dataset.lrlPage) return;
    const bar = document.querySelector(".st-key-header");
    page.toggleAttribute("data-lrl-header", bar !== null && !bar.querySelector("[data-testid=stSkeleton]"));
    const done = document.querySelector("[data-test-script-state=notRunning]");
    if (done && !document.querySelector(ON_ITS_WAY)) begun();
  }

  let waiting = false;
  new MutationObserver(() => {
    if (!waiting) {
      requestAnimationFrame(() => {
        waiting = false;
        name();
        begin();
      });
    }
    waiting = true;
  }).observe(page, {
    childList: true,
    subtree: true,
    attributeFilter: ["data-lrl-page", "data-test-script-state"],
  });
})();
