# The image of daymark: `docker build -t daymark .`, or `docker compose build`.
#
# The base image is pinned to the version of Node that package.json pins for development. To get the same base image byte for
# byte each time, add its digest after the version, in all three stages:
#   node:24.21.0-bookworm-slim@sha256:…   (`docker buildx imagetools inspect node:24.21.0-bookworm-slim` prints it)
#
# No install script of a package runs (`--ignore-scripts`). None is needed, and a script that does not run cannot do harm.

FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
# Dependencies come before sources, so that a change of a source does not install them again.
COPY package.json package-lock.json .npmrc ./
COPY web/package.json ./web/
RUN npm ci --ignore-scripts
COPY . .
# Only debuggers read source maps: two thirds of the build.
RUN npm run build && find dist -name '*.map' -delete

FROM node:24.21.0-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The page is built already: its packages are not needed. Nor are those that a dependency only would like to have: a native addon, and
# what reads formats that daymark does not.
RUN npm ci --omit=dev --omit=optional --ignore-scripts --workspaces=false

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=build /app/THIRD_PARTY_NOTICES ./
COPY package.json ./
# The user of the base image, 1000:1000. It cannot write in /app. It owns a volume that is mounted here.
RUN install --directory --owner=node --group=node /var/lib/daymark
ENV DATA_DIR=/var/lib/daymark
USER node
EXPOSE 8888
ENTRYPOINT ["node", "/app/dist/main.js"]
CMD ["--help"]
