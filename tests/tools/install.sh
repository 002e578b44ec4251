#!/bin/sh
# install.sh: install what the tests need from apt and npm, where this user may. Tests whose tool is missing skip.
set -u
missing=""
# A registry that does not answer must not hold the tests up.
npm_install() { timeout 300 npm install --prefix "$1" --silent --no-audit --no-fund --no-package-lock --fetch-retries=1 --fetch-timeout=30000; }
need() { command -v "$1" >/dev/null 2>&1 || missing="$missing $2"; }
need chromium chromium
need rapper raptor2-utils
need serdi serdi
need java default-jre-headless
need node nodejs
need npm npm
need curl curl
need virtuoso-t virtuoso-opensource-7-bin
if [ -n "$missing" ] && command -v apt-get >/dev/null 2>&1; then
  if [ "$(id -u)" = 0 ]; then as=""; elif sudo -n true 2>/dev/null; then as="sudo"; else as="no"; fi
  if [ "$as" = no ]; then
    echo "not installed, as this needs root:$missing (the tests that use them will skip)"
  else
    echo "installing:$missing"
    $as env DEBIAN_FRONTEND=noninteractive sh -c "apt-get -qq update && apt-get -qq install -y --no-install-recommends $missing" \
      >/dev/null || echo "could not install:$missing (the tests that use them will skip)"
  fi
fi
if command -v npm >/dev/null 2>&1 && { [ ! -d tests/tools/node_modules/jsonld ] || [ ! -d tests/tools/node_modules/axe-core ]; }; then
  npm_install tests/tools || echo "could not install jsonld.js and axe-core"
fi
if command -v npm >/dev/null 2>&1 && [ ! -d tests/tools/comunica/node_modules/@comunica ]; then
  echo "installing Comunica (about a minute)"
  npm_install tests/tools/comunica || echo "could not install Comunica"
fi
exit 0
