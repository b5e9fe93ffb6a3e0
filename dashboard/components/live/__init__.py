"""The chart that stays alive in the browser: component, scripts, socket, assets."""
