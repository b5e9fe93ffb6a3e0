// How Plotly is set up, and how it writes numbers.

// d3 has no format for a per cent sign apart from its number, but one for a currency: "$.1%" in a
// figure is "82.4 %" on the page, as in its sentences and tables.
const LOCALE = { dictionary: {}, format: { currency: ["", "\u00a0%"] } };

export const CONFIG = {
  displayModeBar: false,
  responsive: false,
  showTips: false,
  locale: "lrl",
  locales: { lrl: LOCALE },
};
