#!/bin/sh
# install.sh: install the tools the tests run, from apt, npm and PyPI, as far as this user may. Where a tool is missing its
# tests are skipped; with CI set they fail (tests/skips.py).
set -u
cd "$(dirname "$0")/../.."
missing=""

need() { command -v "$1" >/dev/null 2>&1 || missing="$missing $2"; }

# npm_install FOLDER MODULE…: install what package.json of the folder names, unless every module is there.
npm_install() {
  folder=$1
  shift
  for module in "$@"; do
    if [ ! -d "$folder/node_modules/$module" ]; then
      echo "installing with npm: $*"
      # A registry that does not answer must not block the tests.
      timeout 300 npm install --prefix "$folder" --silent --no-audit --no-fund --no-package-lock \
        --fetch-retries=1 --fetch-timeout=30000 || echo "could not install: $*"
      return
    fi
  done
}

# venv_install FOLDER PROGRAM: install requirements.txt of the folder into its .venv, unless the program is there.
venv_install() {
  if [ ! -x "$1/.venv/bin/$2" ]; then
    echo "installing with pip: $1"
    { python3 -m venv "$1/.venv" && timeout 300 "$1/.venv/bin/python" -m pip install --quiet \
      --disable-pip-version-check --requirement "$1/requirements.txt" 2>/dev/null; } || echo "could not install: $1"
  fi
}

need chromium chromium
need rapper raptor2-utils
need serdi serdi
need java default-jre-headless
need node nodejs
need npm npm
need curl curl
need virtuoso-t virtuoso-opensource-7-bin
if [ -n "$missing" ]; then
  as=""
  if [ "$(id -u)" != 0 ]; then as="sudo -n"; fi
  echo "installing with apt:$missing"
  # shellcheck disable=SC2086 # lists of words
  $as env DEBIAN_FRONTEND=noninteractive sh -c "apt-get -qq update && apt-get -qq install -y --no-install-recommends $missing" \
    >/dev/null || echo "could not install:$missing (needs apt-get and root)"
fi
if command -v npm >/dev/null 2>&1; then
  npm_install tests/tools jsonld axe-core
  npm_install tests/tools/comunica @comunica/query-sparql
fi
venv_install tests/tools/validators rocrate-validator
exit 0
