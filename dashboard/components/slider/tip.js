// One sentence of help behind a "?": on hover, on focus, on a tap; Escape sends it away.

const EDGE = 8; // px to the edge of the window, and to the button

export class Tip {
  constructor(id, labelId) {
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.className = "lrl-help";
    this.button.append(Object.assign(document.createElement("span"), { textContent: "?" }));
    this.button.setAttribute("aria-describedby", `${labelId} ${id}`);
    this.element = document.createElement("div");
    this.element.id = id;
    this.element.className = "lrl-tip";
    this.element.setAttribute("role", "tooltip");
    this.element.popover = "manual"; // over everything, whatever cuts its surroundings off
    this.listen();
  }

  say(help, name) {
    this.element.textContent = help;
    this.button.hidden = !help;
    this.button.setAttribute("aria-label", name);
  }

  listen() {
    const { button } = this;
    button.addEventListener("pointerenter", (event) => {
      if (event.pointerType === "mouse") this.show(); // a finger taps, and the tap shows it
    });
    button.addEventListener("pointerleave", () => document.activeElement !== button && this.hide());
    button.addEventListener("focus", () => this.show());
    button.addEventListener("blur", () => this.hide());
    button.addEventListener("click", () => this.show());
    button.addEventListener("keydown", (event) => event.key === "Escape" && this.hide());
  }

  show() {
    if (this.element.matches(":popover-open")) return;
    this.element.showPopover();
    const { left, top, bottom } = this.button.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.element;
    const below = bottom + EDGE + height <= innerHeight;
    const x = Math.min(left, innerWidth - width - EDGE);
    this.element.style.left = `${Math.max(EDGE, x)}px`;
    this.element.style.top = `${below ? bottom + EDGE : Math.max(EDGE, top - EDGE - height)}px`;
    addEventListener("scroll", this.away, { capture: true, passive: true });
  }

  away = () => this.hide();

  hide() {
    removeEventListener("scroll", this.away, { capture: true });
    if (this.element.matches(":popover-open")) this.element.hidePopover();
  }
}
