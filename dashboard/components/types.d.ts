// What the scripts are given by Streamlit, by Python and by Plotly, and what they leave on the
// page for others to look at. Read by `tsc` alone.

/** What a component of Streamlit's second kind is called with. */
interface Component<Data> {
  parentElement: HTMLElement;
  data: Data;
  /** Tell Python something once, and let the page's script run. */
  setTriggerValue(name: string, value: unknown): void;
  /** Tell Python something that stays. */
  setStateValue(name: string, value: unknown): void;
}

/** Words of a page by their names; a section of them is one itself. */
type Words = Record<string, any>;

/** Which records become the points of a trace; see dashboard/lines/traces.py. */
interface Bind {
  field: string;
  runs: number[];
  minus?: number[];
  factor?: number;
  factors?: number[];
  rounding?: number;
  limits?: number[];
  ghost?: boolean;
  beside?: boolean;
  cells?: number[][];
  columns?: number;
  per_epoch?: Record<string, number>;
}

/** Plotly JSON, with what we add to it: roles of axes, options, what is read out. */
type Figure = Record<string, any>;

/** What Python says of a chart; see dashboard/components/live/chart.py. */
interface View {
  key: string;
  job: string | null;
  figure: Figure;
  binds: (Bind | null)[];
  notes: Record<string, any>[];
  language: string;
  height: number;
  words: Words;
  title: string;
  options: Record<string, string>;
  hears: string[];
  socket: string;
  plotly: string;
  tells: boolean;
  milestones: number[][];
  beside: { job: string; words: Words; terms: Terms } | null;
}

/** By the name of a term the words that mention it, and its sentence. */
type Terms = Record<string, { mentions: string[]; sentence: string }>;

/** An element that Plotly draws in. */
interface PlotElement extends HTMLElement {
  layout?: any;
  _fullLayout?: any;
  on(event: string, hear: (said: any) => void): void;
}

interface Window {
  Plotly: {
    react(element: HTMLElement, data: object[], layout: object, config: object): Promise<unknown>;
    purge(element: HTMLElement): void;
    toImage(figure: object, size: object): Promise<string>;
    Fx: {
      hover(element: HTMLElement, at: object, subplots: string[]): void;
      unhover(element: HTMLElement): void;
    };
  };
  /** Streamlit's own. */
  __streamlit: { BACKEND_BASE_URL: string };
  /** What the charts did and when, by their keys. */
  __lrl?: { charts: Record<string, any> };
}
