#!/bin/sh
# venv.sh PYTHON FOLDER WHAT: make a virtual environment and install WHAT into it, with uv where it is present.
set -eu
python=$1 folder=$2 what=$3
echo "setting up $folder (about a minute)"
if command -v uv >/dev/null 2>&1; then
  [ -x "$folder/bin/python" ] || uv venv --quiet --python "$python" "$folder"
  uv pip install --quiet --compile-bytecode --python "$folder/bin/python" --constraint constraints.txt --editable "$what"
else
  [ -x "$folder/bin/python" ] || "$python" -m venv "$folder"
  "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable "$what"
fi
