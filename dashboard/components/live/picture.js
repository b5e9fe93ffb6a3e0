// A finished figure: drawn, and drawn again when its data, its place or the theme change.

import { tellDevice } from "./device.js";
import { make } from "./head.js";
import { savePicture } from "./image.js";
import { Plot } from "./plot.js";
import { Records } from "./records.js";
import { PictureMenu } from "./toolbar.js";

const WIDTH = 640; // px, at least, of a picture that is saved
const RETRY = 1000; // ms; the server has waited before it said that there is nothing yet

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
  /** @type {{ label: string, height: number, waiting?: string, words?: Words }} */
  data; // from the first `show` on
  url = null; // of what is shown, or on its way
  figure = null;

  constructor(place) {
    this.plot = new Plot(() => this.draw());
    this.plot.element.setAttribute("role", "img");
    this.waiting = make("p", "lrl-picture-waiting");
    this.waiting.setAttribute("role", "status");
    this.menu = new PictureMenu((format) => savePicture(this.plot, format, [this.data.label], this.size()));
    const tools = make("div", "lrl-toolbar", this.menu.element);
    place.replaceChildren(make("div", "lrl-picture", this.plot.element, this.waiting, tools));
    this.sizes = new ResizeObserver(() => this.draw());
    this.sizes.observe(this.plot.element);
  }

  show({ figure, url, ...data }) {
    this.data = /** @type {Picture["data"]} */ (data);
    this.plot.element.style.height = `${data.height}px`;
    this.plot.element.setAttribute("aria-label", data.label);
    this.menu.element.hidden = !data.words;
    if (data.words) this.menu.say(data.words);
    if (figure) this.figure = figure;
    else if (url !== this.url) this.fetch(url);
    this.draw();
  }

  /** Take the figure from an address, as soon as it is there and unless another is wanted then. */
  async fetch(url) {
    this.url = url;
    const answer = await fetch(new URL(url, document.baseURI)).catch(() => null);
    if (this.url !== url) return;
    if (answer?.ok) {
      tellDevice(decodeURIComponent(answer.headers.get("X-Device") ?? ""));
      this.figure = await answer.json();
      this.draw();
    } else {
      this.retry = setTimeout(() => this.url === url && this.fetch(url), RETRY);
    }
  }

  /** In which size it is saved: as it is seen, but not smaller than can be read. */
  size() {
    const { clientWidth: width } = this.plot.element;
    const times = Math.max(1, WIDTH / width);
    return [times * width, times * this.data.height];
  }

  draw() {
    this.waiting.textContent = this.figure ? "" : (this.data.waiting ?? "");
    if (!this.figure || this.plot.element.clientWidth === 0) return;
    const view = { ...this.data, figure: this.figure, binds: [], notes: [] };
    this.plot.draw({ view, records: NOTHING }, null);
  }

  close() {
    this.url = null;
    clearTimeout(this.retry);
    this.sizes.disconnect();
    this.plot.close();
  }
}
