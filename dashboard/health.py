"""`python -m dashboard.health`: exit status 0 when this machine's server answers, 1 when not."""

from __future__ import annotations

import http.client
import os
import sys
from collections.abc import Mapping

SECONDS = 4.0


def healthy(environment: Mapping[str, str]) -> bool:
    """Whether the server answers, at the port and path its environment variables give it."""
    port = int(environment.get("STREAMLIT_SERVER_PORT", "8501"))
    base = environment.get("STREAMLIT_SERVER_BASE_URL_PATH", "").strip("/")
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        connection.request("GET", f"{f'/{base}' if base else ''}/_stcore/health")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(not healthy(os.environ))
