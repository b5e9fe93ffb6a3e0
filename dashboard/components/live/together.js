// Panels that are read together: pointing at an epoch in one of them shows it in all.

/**
 * Let a figure whose panels share their epochs hover as one, as long as `wanted()`.
 *
 * Plotly shows what is under the pointer in one panel only, so it is told of an epoch in all
 * panels instead of hearing of the pointer itself.
 */
export function readTogether(element, wanted) {
  const point = (event) => {
    const epoch = wanted() ? epochAt(element, event) : null;
    if (epoch === null) return;
    event.stopPropagation();
    window.Plotly.Fx.hover(element, { xval: epoch }, element._fullLayout._subplots.cartesian);
  };
  element.addEventListener("mousemove", point, { capture: true });
}

/** The epoch under the pointer, or null where there is no panel. */
function epochAt(element, { clientX, clientY }) {
  const { left, top } = element.getBoundingClientRect();
  for (const { xaxis, yaxis } of Object.values(element._fullLayout?._plots ?? {})) {
    const x = clientX - left - xaxis._offset;
    const y = clientY - top - yaxis._offset;
    if (x >= 0 && x <= xaxis._length && y >= 0 && y <= yaxis._length) return xaxis.p2c(x);
  }
  return null;
}
