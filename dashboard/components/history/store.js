// Where a history is kept: in the visitor's own browser, and nowhere else.

import { read, written } from "./entries.js";

/** Reads before it writes, as other tabs do; without a store that works it lasts as the page. */
export class Store {
  memory = "";
  fails = false; // what was written last could not be kept

  constructor() {
    const { pathname } = new URL(".", document.baseURI);
    this.key = `lrl-history:${pathname}`;
  }

  get entries() {
    try {
      return read(this.fails ? this.memory : (localStorage.getItem(this.key) ?? ""));
    } catch {
      return read(this.memory);
    }
  }

  set entries(entries) {
    this.memory = written(entries);
    try {
      localStorage.setItem(this.key, this.memory);
      this.fails = false;
    } catch {
      this.fails = true; // full, or forbidden: as long as the page lasts
    }
  }
}
