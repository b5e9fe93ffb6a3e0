// The line to the server: a WebSocket that comes back by itself and goes on where it stopped.

const FIRST_WAIT = 250; // ms before the first attempt to come back; then twice as long each time
const LONGEST_WAIT = 5000;
const LENGTH = 4; // bytes of a message that say how long its header is

/** A message with records: its header, and in `rows` all rows, without a copy of them. */
export function unpack(message) {
  const length = new DataView(message).getUint32(0, true);
  const text = new TextDecoder().decode(new Uint8Array(message, LENGTH, length));
  return { ...JSON.parse(text), rows: new Float32Array(message, LENGTH + length) };
}

/** Watches one job at a time; `request` is asked what, each time the line is there. */
export class Line {
  /** @type {WebSocket | null} */
  socket = null;
  wait = FIRST_WAIT;
  closed = false;
  /** @type {number | undefined} */
  retry = undefined;

  constructor(path, { request, hear, lost }) {
    this.url = new URL(path, document.baseURI);
    this.url.protocol = this.url.protocol.replace("http", "ws");
    this.url.search = this.url.hash = "";
    this.request = request;
    this.hear = hear;
    this.lost = lost;
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
    this.retry = undefined;
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
