# Learning Rate Lab in a container: docker build -t learning-rate-lab .
# With NVIDIA's libraries: docker build --build-arg REQUIREMENTS=gpu -t learning-rate-lab:gpu .
ARG BASE=python:3.13-slim

# hadolint ignore=DL3006
FROM ${BASE}
ARG REQUIREMENTS=cpu

WORKDIR /app

# Packages first, with their byte code: a change of code alone does not install them again.
COPY requirements/ requirements/
RUN python3 -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check \
        --require-hashes --requirement "requirements/${REQUIREMENTS}.lock"

# The one writable place. Open to any user that a platform may choose; a new named volume takes
# over these rights, and where /data cannot be written runs are simply not kept.
RUN useradd --uid 10001 --home-dir /data --no-create-home lab \
    && install --directory --mode 1777 /data
VOLUME /data

# A browser address that is given keeps Streamlit from asking the internet for one.
ENV PATH=/opt/venv/bin:$PATH \
    HOME=/data \
    LEARNING_RATE_LAB_STORE=/data/runs.sqlite \
    STREAMLIT_BROWSER_SERVER_ADDRESS=localhost \
    STREAMLIT_SERVER_ADDRESS=0.0.0.0 \
    STREAMLIT_SERVER_PORT=8501

COPY . .
RUN python3 -m compileall -q --invalidation-mode unchecked-hash app.py core dashboard

USER 10001:10001
EXPOSE 8501
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
    CMD ["python3", "-m", "dashboard.health"]
CMD ["python3", "-m", "streamlit", "run", "app.py"]
