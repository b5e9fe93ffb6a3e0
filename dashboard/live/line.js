// The line to the server: a WebSocket that comes back by itself and goes on where it stopped.

import { FIELDS } from "./records.js";

const FIRST_WAIT = 250; // ms before the first attempt to come back; then twice as long each time
const LONGEST_WAIT = 5000;
const HEADER_START = 4;

/** A frame of records, taken apart without a copy where the payload is aligned. */
export function unpack(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const start = HEADER_START + length;
  const text = new TextDecoder().decode(new Uint8Array(buffer, HEADER_START, length));
  const header = JSON.parse(text);
  return { ...header, rows: new Float32Array(buffer, start, header.count * FIELDS.length) };
}

/** Watches one job at a time; `request` is asked what, each time the line is there. */
export class Line {
  socket = null;
  wait = FIRST_WAIT;
  closed = false;
  retry = null;

  constructor(path, { request, hear, lost }) {
    this.url = new URL(path, document.baseURI);
    this.url.protocol = this.url.protocol.replace("http", "ws");
    this.url.search = this.url.hash = "";
    Object.assign(this, { request, hear, lost });
    this.now = () => this.retry && this.comeBack(0);
    addEventListener("online", this.now);
  }

  /** Ask for what `request` now says. */
  ask() {
    if (this.socket?.readyState === WebSocket.OPEN) {
      this.socket.send(JSON.stringify(this.request()));
    } else if (!this.socket && !this.retry) {
      this.open();
    }
  }

  open() {
    this.retry = null;
    const socket = new WebSocket(this.url);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.ask();
    socket.onmessage = ({ data }) => {
      this.wait = FIRST_WAIT; // it does not only open, it works
      this.hear(typeof data === "string" ? JSON.parse(data) : unpack(data));
    };
    socket.onclose = () => {
      this.socket = null;
      if (this.closed) return;
      this.lost();
      this.comeBack(this.wait);
      this.wait = Math.min(LONGEST_WAIT, 2 * this.wait);
    };
    this.socket = socket;
  }

  comeBack(wait) {
    if (this.socket || this.closed) return;
    clearTimeout(this.retry);
    // Not all at once: a server that comes back has all of its visitors before it.
    this.retry = setTimeout(() => this.open(), wait * (0.75 + 0.5 * Math.random()));
  }

  close() {
    this.closed = true;
    clearTimeout(this.retry);
    removeEventListener("online", this.now);
    this.socket?.close();
  }
}
