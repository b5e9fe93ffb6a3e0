// A chart as a file: on white whatever the theme, with its title, made by the browser alone.

import { make } from "./head.js";
import { CONFIG } from "./locale.js";

const SCALE = 2; // of a PNG
const EDGE = 12; // px above a title
const LINE = 20; // px of a title
const SIZE = 14; // px of its letters
const SIDE = 16; // px beside it
const NAME = 80; // letters of a file's
export const PAPER = {
  color: "#1B2733",
  background: "#FFFFFF",
  raised: "#F3F5F7",
  border: "#D8DEE4",
  quiet: "rgba(128, 128, 128, 0.7)",
  dark: false,
};

/** Save what a plot shows, in its own size; `words` is what it is called, line by line. */
export async function savePicture(plot, format, words, size) {
  if (!plot.last) return; // nothing is drawn yet
  const { shown, ghost, options } = plot.last;
  const [width, height] = size;
  const theme = { ...PAPER, font: getComputedStyle(plot.element).fontFamily };
  const { data, layout } = plot.figure({ shown, ghost, options, theme, width, height });
  const titled = withTitle(layout, words);
  const scale = format === "png" ? SCALE : 1;
  const wanted = { format, scale, width, height: titled.height };
  const url = await window.Plotly.toImage({ data, layout: titled, config: CONFIG }, wanted);
  const link = make("a");
  link.href = url;
  link.download = `${fileName(words[0])}.${format}`;
  document.body.append(link);
  link.click();
  link.remove();
}

/** A layout with a title on top, for which it grows; the template gives way to white. */
export function withTitle(layout, words) {
  const lines = words.filter(Boolean).flatMap((text) => wrapped(text, layout.width - 2 * SIDE));
  const room = LINE * lines.length + 2 * EDGE;
  const margin = { ...layout.margin, t: (layout.margin?.t ?? 30) + room };
  const text = lines.map(literal).join("<br>");
  const place = { x: 0, xref: "container", xanchor: "left", pad: { l: SIDE } };
  const height = layout.height + room;
  return {
    ...layout,
    margin,
    height,
    title: {
      text,
      font: { size: SIZE },
      ...place,
      y: 1 - (EDGE + LINE / 2) / height,
      yref: "container",
      yanchor: "top",
    },
    paper_bgcolor: PAPER.background,
    plot_bgcolor: PAPER.background,
  };
}

function wrapped(text, most) {
  const lines = [""];
  for (const word of text.split(/(?<=[\s，。；：])/u)) {
    if (lines.at(-1) && wide(lines.at(-1) + word) > most) lines.push("");
    lines[lines.length - 1] += word;
  }
  return lines;
}

// About how many pixels a text takes: a Chinese sign is a square.
function wide(text) {
  return [...text].reduce((sum, sign) => sum + (sign > "\u2e80" ? SIZE : 0.55 * SIZE), 0);
}

// What a visitor wrote is text, for Plotly too.
function literal(text) {
  return text.trim().replace(/[&<>%{}$]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** A name that says what is in the file: "sgd-rate-0.01-200-epochs". */
export function fileName(text) {
  const plain = text.toLowerCase().replace(/[^\p{L}\p{N}.]+/gu, "-");
  return plain.slice(0, NAME).replace(/^[-.]+|[-.]+$/g, "") || "chart";
}
