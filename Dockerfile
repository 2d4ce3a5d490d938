# The same commands as railway.json, which testing/operating/railway.timed.e2e.ts proves; dockerfile.spec.ts holds the two together.
FROM node:24-bookworm-slim AS build
WORKDIR /app
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1
COPY package.json package-lock.json .npmrc ./
COPY backend/package.json backend/
COPY dashboard/package.json dashboard/
COPY sandbox/package.json sandbox/
# What builds it is a development dependency.
RUN npm ci --include=dev --no-audit --no-fund
COPY . .
RUN node scripts/bootstrap.mjs build

FROM node:24-bookworm-slim
# tini passes signals on and buries what nobody waits for; Wasel drains on SIGTERM by itself.
RUN apt-get update && apt-get install -y --no-install-recommends tini && rm -rf /var/lib/apt/lists/* \
 && install -d -o node -g node -m 0700 /data /data/media
WORKDIR /app
COPY --from=build --chown=node:node /app /app
USER node
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1 HOST=0.0.0.0 PORT=3000 MEDIA_DIR=/data/media
VOLUME /data
EXPOSE 3000
# Alive, not ready: a database that is away is no reason to end a process that holds numbers.
HEALTHCHECK --interval=30s --timeout=5s --start-period=100s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/api/health`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Give it the 30 s that it may need to hand its numbers over: docker stop --time 30, terminationGracePeriodSeconds: 30.
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/bin/tini", "--"]
CMD ["node", "--import", "tsx", "scripts/serve.ts"]
