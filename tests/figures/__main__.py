"""`python -m tests.figures [FILE]`: a page with all pictures, and beside each one that has changed
what it has become; it takes no internet. Open it in a browser.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from dashboard.components.live.assets import plotly_path
from tests.figures.files import file_of, text_of
from tests.figures.programs import PROGRAMS

PAGE = """<!doctype html>
<meta charset="utf-8">
<title>Pictures</title>
<script src="PLOTLY"></script>
<style>
  body { margin: 2rem; font: 1rem system-ui; }
  section { display: flex; flex-wrap: wrap; gap: 1rem; }
  section div { flex: 1 1 30rem; max-width: 60rem; min-height: 26rem; }
  h2 { margin: 2rem 0 0; font-size: 1rem; }
</style>
<body></body>
<script>
  const LOCALES = { lrl: { dictionary: {}, format: { currency: ["", "\u00a0%"] } } }; // locale.js
  for (const [name, pictures] of Object.entries(PICTURES)) {
    const section = document.createElement("section");
    const heading = document.createElement("h2");
    heading.textContent = name + (pictures.length > 1 ? ": accepted, and now" : "");
    document.body.append(heading, section);
    for (const { data, layout } of pictures) {
      const place = section.appendChild(document.createElement("div"));
      Plotly.newPlot(place, data, layout, { responsive: true, locale: "lrl", locales: LOCALES });
    }
  }
</script>
"""


def pictures(name: str) -> list[str]:
    """The accepted picture where there is one, and the one of now where that is another."""
    now, file = text_of(PROGRAMS[name]()), file_of(name)
    return list(dict.fromkeys([*([file.read_text("utf-8")] if file.exists() else []), now]))


def page() -> str:
    found = {name: [json.loads(text) for text in pictures(name)] for name in PROGRAMS}
    inline = json.dumps(found, ensure_ascii=False).replace("</", "<\\/")
    return PAGE.replace("PLOTLY", plotly_path().as_uri()).replace("PICTURES", inline)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    default = Path(tempfile.gettempdir()) / "learning-rate-lab-pictures.html"
    parser.add_argument(
        "file", nargs="?", type=Path, default=default, help="%(default)s if not given"
    )
    given = parser.parse_args()
    given.file.write_text(page(), "utf-8")
    print(given.file)
