// Where a history is kept: in the visitor's own browser, and nowhere else.

import { read, written } from "./entries.js";

/** Reads before it writes, as other tabs do; without a store that works it lasts as the page. */
export class Store {
  memory = "";

  constructor() {
    const { pathname } = new URL(".", document.baseURI);
    this.key = `lrl-history:${pathname}`;
  }

  get entries() {
    try {
      return read(localStorage.getItem(this.key) ?? "");
    } catch {
      return read(this.memory);
    }
  }

  set entries(entries) {
    this.memory = written(entries);
    try {
      localStorage.setItem(this.key, this.memory);
    } catch {
      // full, or forbidden: as long as the page lasts
    }
  }
}
