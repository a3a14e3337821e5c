# Asterisk, and beside it `tellerline dialplan`, which checks with this very Asterisk what it is to read.
#   docker build -f docker/asterisk.Dockerfile -t tellerline-asterisk .
# Debian's stable releases carry no Asterisk 22.
ARG BASE=debian:sid-slim

FROM ${BASE} AS built
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates python3 python3-venv \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY requirements.run.lock docker/build.lock ./
# what comes as source only is built with the tools of build.lock: nothing is fetched without a hash
RUN python3 -m venv /opt/build \
 && /opt/build/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r build.lock \
 && /opt/build/bin/pip wheel --no-cache-dir --require-hashes --no-build-isolation -w /wheels \
      -r requirements.run.lock
COPY . .
RUN /opt/build/bin/pip wheel --no-index --no-deps --no-build-isolation -w /wheels . \
 && python3 -m venv /opt/tellerline \
 && /opt/tellerline/bin/pip install --no-index --no-deps /wheels/*.whl \
 && /opt/tellerline/bin/pip check \
 && /opt/tellerline/bin/pip uninstall -y pip

FROM ${BASE}
RUN apt-get update \
 && apt-get install -y --no-install-recommends \
      asterisk asterisk-core-sounds-en-gsm asterisk-moh-opsound-gsm ca-certificates python3 tini \
 && rm -rf /var/lib/apt/lists/* \
 && ls /usr/lib/*/asterisk/modules/chan_websocket.so
COPY --from=built /opt/tellerline /opt/tellerline
COPY docker/asterisk.conf /etc/tellerline/asterisk.conf
COPY --chmod=755 docker/start-asterisk /usr/local/bin/start-asterisk
# the same user as in the line's image: the two share the folders of prompts and recordings
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /var/lib/asterisk tellerline \
 && mkdir -p /etc/tellerline/asterisk /var/lib/tellerline/prompts /var/spool/asterisk/recording \
      /var/lib/asterisk/run /var/lib/asterisk/log \
 && chown -R tellerline:tellerline /etc/tellerline/asterisk /var/lib/tellerline /var/spool/asterisk \
      /var/lib/asterisk
ENV PATH=/opt/tellerline/bin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    PYTHONDONTWRITEBYTECODE=1 \
    TELLERLINE_EXCHANGE=/etc/tellerline/exchange/exchange.yaml \
    TELLERLINE_ASTERISK_ETC=/etc/tellerline/asterisk \
    TELLERLINE_ASTERISK_CONF=/etc/tellerline/asterisk.conf
WORKDIR /var/lib/asterisk
USER tellerline
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["asterisk", "-C", "/etc/tellerline/asterisk.conf", "-rx", "core waitfullybooted"]
ENTRYPOINT ["tini", "--", "start-asterisk"]
