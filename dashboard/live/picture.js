// A finished figure: drawn, and drawn again when its data, its place or the theme change.

import { Plot } from "./plot.js";
import { Records } from "./records.js";

const pictures = new WeakMap();
const NOTHING = new Records(null);

/** Streamlit calls this with each rerun and each change of theme. */
export default function ({ parentElement: place, data }) {
  if (!pictures.has(place)) pictures.set(place, new Picture(place));
  const picture = pictures.get(place);
  picture.show(data);
  return () =>
    setTimeout(() => {
      if (place.isConnected) return; // an earlier call ends; the place has stayed
      pictures.delete(place);
      picture.close();
    });
}

class Picture {
  constructor(place) {
    this.plot = new Plot(() => this.draw());
    this.plot.element.setAttribute("role", "img");
    place.replaceChildren(this.plot.element);
    this.sizes = new ResizeObserver(() => this.draw());
    this.sizes.observe(this.plot.element);
  }

  show(data) {
    this.view = { ...data, binds: [], notes: [] };
    this.plot.element.style.height = `${data.height}px`;
    this.plot.element.setAttribute("aria-label", data.label);
    this.draw();
  }

  draw() {
    if (this.plot.element.clientWidth === 0) return;
    this.plot.draw({ view: this.view, records: NOTHING }, null);
  }

  close() {
    this.sizes.disconnect();
    this.plot.close();
  }
}
