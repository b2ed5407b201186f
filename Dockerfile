# Hourlink as one image: `docker build -t hourlink .`; the settings of docs/settings.md are its environment. It runs as a user
# without rights and writes to /data and /tmp alone: `docker run --read-only --tmpfs /tmp -v hourlink:/data ... hourlink`.
FROM python:3.13-slim-bookworm AS build
WORKDIR /src
COPY requirements/build.txt requirements/app.txt requirements/
RUN python -m venv /opt/hourlink && /opt/hourlink/bin/pip install --no-cache-dir --require-hashes -r requirements/build.txt -r requirements/app.txt
COPY pyproject.toml README.md manifest.yml ./
COPY bot bot
COPY handlers handlers
COPY storage storage
COPY playground playground
RUN /opt/hourlink/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.13-slim-bookworm
# 5 MB: Chinese, Japanese and Korean names in pictures of reports.
RUN apt-get update && apt-get install -y --no-install-recommends fonts-wqy-microhei && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /data hourlink && install -d -o hourlink -g hourlink /data
COPY --from=build /opt/hourlink /opt/hourlink
ENV PATH=/opt/hourlink/bin:$PATH PYTHONUNBUFFERED=1 HOURLINK_HOST=0.0.0.0 HOURLINK_PORT=3000 HOURLINK_DATA_DIR=/data HOURLINK_LOG_FORMAT=json MPLCONFIGDIR=/tmp/matplotlib PYTHONDONTWRITEBYTECODE=1
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"HOURLINK_PORT\"]}/healthz', timeout=4)"]
CMD ["hourlink", "serve"]
