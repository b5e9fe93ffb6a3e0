// Streamlit's theme, as it stands around an element, in Plotly's words.

const VARIABLES = {
  color: "--st-text-color",
  background: "--st-background-color",
  raised: "--st-secondary-background-color",
  border: "--st-border-color",
  font: "--st-font",
};

/** Colours and font around an element. */
export function themeOf(element) {
  const style = getComputedStyle(element);
  const theme = Object.fromEntries(
    Object.entries(VARIABLES).map(([name, variable]) => [
      name,
      style.getPropertyValue(variable).trim(),
    ]),
  );
  return { ...theme, quiet: "rgba(128, 128, 128, 0.7)" };
}

/** A template for Plotly: what a figure says itself goes before it. */
export function template(theme, narrow) {
  const axis = {
    gridcolor: theme.border,
    linecolor: theme.border,
    tickcolor: theme.border,
    zerolinecolor: theme.border,
    title: { font: { size: narrow ? 12 : 13 } },
  };
  return {
    layout: {
      font: { family: theme.font, color: theme.color, size: narrow ? 11 : 12.5 },
      paper_bgcolor: "rgba(0, 0, 0, 0)",
      plot_bgcolor: "rgba(0, 0, 0, 0)",
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
