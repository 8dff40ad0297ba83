#!/usr/bin/env bash
# Installs gitreg in an environment of its own, and says where: the last line of standard output is the path of the command.
#
#   GITREG_VERSION   a version on the package index; empty: the source that this file is part of
#   GITREG_EXTRAS    storages that it shall reach, with commas or blanks between: s3, gs, azure, ssh
set -euo pipefail

source_folder=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
version=${GITREG_VERSION:-}
# A version is a version, and never an option, an address or another package.
if [ -n "$version" ] && ! [[ "$version" =~ ^[0-9]+(\.[0-9]+)*[0-9A-Za-z.]*$ ]]; then
  printf 'gitreg: the version to install is no version of a package, such as 1.2.0\n' >&2
  exit 2
fi

extras=$(printf '%s' "${GITREG_EXTRAS:-}" | tr -s ', ' ',')
if [ -n "$extras" ] && ! [[ "$extras" =~ ^[a-z0-9]+(,[a-z0-9]+)*$ ]]; then
  printf 'gitreg: the extras to install are no plain words, such as s3\n' >&2
  exit 2
fi

# -I: Python looks for modules neither in the folder of the job, which may be a checkout of anybody, nor where variables say.
python=
for candidate in python3 python; do
  if "$candidate" -I -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    python=$candidate
    break
  fi
done
if [ -z "$python" ]; then
  printf 'gitreg: needs Python 3.11 or later; let actions/setup-python run before\n' >&2
  exit 2
fi

# Beside the caller's own Python packages, never among them. A second use in one job finds what the first one made.
home="${RUNNER_TEMP:?}/gitreg-$(printf '%s' "$source_folder $version${extras:+ $extras}" | cksum | cut -d ' ' -f 1)"
if [ ! -e "$home/ready" ]; then
  "$python" -I -m venv "$home"
  scripts="$home/bin"
  [ -d "$scripts" ] || scripts="$home/Scripts" # on Windows
  if [ -n "$version" ]; then
    "$scripts/python" -I -m pip install --quiet --disable-pip-version-check -- "gitreg-ml${extras:+[$extras]}==$version" >&2
  else
    "$scripts/python" -I -m pip install --quiet --disable-pip-version-check -- "$source_folder${extras:+[$extras]}" >&2
  fi
  printf '%s\n' "$scripts/gitreg" >"$home/ready"
fi
gitreg=$(cat "$home/ready")
"$gitreg" --version >&2
printf '%s\n' "$gitreg"
