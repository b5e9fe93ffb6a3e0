"""How Plotly writes shares on axes and beside points, in formats of d3.

Of a per cent sign d3 knows no space before it. Where these formats say "$" the chart's scripts
have it: "82.4 %", as everywhere else on the pages (`components/live/locale.js`).
"""

from __future__ import annotations

PERCENT = "$.0%"  # 80 %
TENTHS = "$.1%"  # 82.4 %
SHORT_TENTHS = "$.1~%"  # 2.5 %, 3 %
