#!/bin/sh
# install.sh [--long]: install the tools the tests run, from apt, npm and PyPI, as far as this user may, with --long
# also what the long forms of tests run. Where a tool is missing its tests are skipped; with CI set they fail
# (tests/skips.py).
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

# pip_install FOLDER PROGRAM PACKAGE [OPTION]: make a virtual environment for a program that the tests run, and never
# import, unless it is there.
pip_install() {
  folder=$1 program=$2 package=$3
  shift 3
  [ -e "$folder/$program" ] && return
  echo "installing with pip: $package"
  { [ -x "$folder/bin/python" ] || "${PYTHON:-python3}" -m venv "$folder"; } &&
    timeout 600 "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --retries 1 "$@" "$package" \
      2>/dev/null || echo "could not install: $package"
}

need chromium chromium
need rapper raptor2-utils
need serdi serdi
need java default-jre-headless
need node nodejs
need npm npm
need curl curl
need pdftotext poppler-utils
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
pip_install tests/tools/checkers bin/libcovebods libcovebods==0.16.0
# Its model alone, YAML files; the program needs minutes to install.
pip_install tests/tools/checkers bin/ftm followthemoney==4.11.2 --no-deps
if [ "${1:-}" = --long ]; then
  pip_install tests/tools/followthemoney bin/ftm followthemoney==4.11.2
fi
pip_install tests/tools/validators/.venv bin/rocrate-validator -rtests/tools/validators/requirements.txt
exit 0
