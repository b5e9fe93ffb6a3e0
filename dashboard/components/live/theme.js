// Streamlit's theme, as it stands around an element, in Plotly's words.

const VARIABLES = {
  color: "--st-text-color",
  background: "--st-background-color",
  raised: "--st-secondary-background-color",
  border: "--st-border-color",
  font: "--st-font",
};

const SIZE = 12.5; // px, of a chart's words where the page does not say

/** Colours, font and sizes around an element. */
export function themeOf(element) {
  const style = getComputedStyle(element);
  const theme = Object.fromEntries(
    Object.entries(VARIABLES).map(([name, variable]) => [name, style.getPropertyValue(variable).trim()]),
  );
  const size = parseFloat(style.getPropertyValue("--lrl-chart-font")) || SIZE;
  const line = parseFloat(style.getPropertyValue("--lrl-chart-line")) || 0;
  const dark = isDark(theme.background);
  return { ...theme, quiet: "rgba(128, 128, 128, 0.7)", dark, scale: size / SIZE, line };
}

const USUAL = 2; // px, of a line on a page that is not presented

/** A trace whose line is as much wider as the page wants it. */
export function thickened(trace, { line }) {
  if (!line || !(trace.line?.width > 1)) return trace; // hair lines frame bands and axes
  const width = trace.line.width * Math.max(1, line / USUAL); // thin ones stay the thinner ones
  return { ...trace, line: { ...trace.line, width } };
}

const paint = document.createElement("canvas").getContext("2d");

/** Whether a colour, however it is written, is nearer to black than to white. */
function isDark(color) {
  if (!paint) return false; // a browser without canvases
  paint.fillStyle = color; // is read back as #rrggbb
  const written = String(paint.fillStyle).match(/[0-9a-f]{2}/g) ?? [];
  const parts = written.map((part) => parseInt(part, 16));
  return Math.max(...parts) < 128;
}

/** How strong a ghost is: a quarter of a colour on black is less to the eye than on white. */
export function ghostly(opacity, theme) {
  return theme.dark ? Math.min(1, 1.7 * opacity) : opacity;
}

/** A layout whose words and margins are so many times as large. */
export function enlarged(layout, scale) {
  if (scale === 1) return layout;
  const grown = (value, name) => {
    if (Array.isArray(value)) return value.map((each) => grown(each));
    if (!value || typeof value !== "object") return value;
    const entries = Object.entries(value).map(([key, each]) => {
      const measure = name === "margin" || (name === "font" && key === "size");
      return [key, measure ? each * scale : grown(each, key)];
    });
    return Object.fromEntries(entries);
  };
  return grown(layout);
}

/** A template for Plotly: what a figure says itself goes before it. */
export function template(theme, narrow) {
  const axis = {
    ticklabeloverflow: "allow", // else Plotly measures every label, which is half of a drawing
    gridcolor: theme.border,
    linecolor: theme.border,
    tickcolor: theme.border,
    zerolinecolor: theme.border,
    title: { font: { size: (narrow ? 12 : 13) * theme.scale } },
  };
  return {
    layout: {
      font: { family: theme.font, color: theme.color, size: (narrow ? 11 : SIZE) * theme.scale },
      // The page's own: on no background at all Plotly edges the line of a hover with white.
      paper_bgcolor: theme.background,
      plot_bgcolor: theme.background,
      hoverlabel: {
        bgcolor: theme.background,
        bordercolor: theme.border,
        font: { family: theme.font, color: theme.color },
        align: "left",
      },
      legend: { bgcolor: "rgba(0, 0, 0, 0)" },
      xaxis: { ...axis, spikecolor: theme.quiet, spikethickness: 1, spikedash: "solid" },
      yaxis: axis,
    },
  };
}
