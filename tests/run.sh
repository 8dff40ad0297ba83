#!/usr/bin/env bash
# Sets up and runs the whole test suite. Needs git, Python >= 3.11 and a package index; works from any folder. The real DVC and most
# servers of the tests come from the package index; what only the system has is named where it is missing, and its tests are skipped.
#
#   bash tests/run.sh                       linters, types, layers, all tests, coverage of the core
#   bash tests/run.sh tests/core -k tag     pytest alone, with these arguments
#
#   PYTHON=python3.13              the Python to use
#   GITREG_TEST_WHEEL=x.whl        tests this wheel in place of the checkout (remove the folder gitreg/ first), without linters
#   GITREG_TESTS_NO_SKIP=1         a skipped test is a failed one; the default where CI=true
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# What a git hook, `git rebase --exec` or a shell leaves behind would send the tests to another repository.
for name in "${!GIT_@}"; do unset "$name"; done
unset PYTHONPATH PYTHONHOME

say() { printf '\n== %s\n' "$*"; }
stop() { printf 'tests/run.sh: %s\n' "$*" >&2; exit 2; }

find_python() {
  local candidate
  for candidate in ${PYTHON:+"$PYTHON"} python3 python3.14 python3.13 python3.12 python3.11; do
    # ensurepip is what Debian leaves out of python3; a version manager's python3.x may be a name that starts nothing
    if "$candidate" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      printf '%s\n' "$candidate"
      return
    fi
    [ -z "${PYTHON:-}" ] || break
  done
  stop "needs Python >= 3.11 with venv${PYTHON:+, which $PYTHON is not} (Debian and Ubuntu: apt-get install python3-venv; or set PYTHON)"
}

# make_environment FOLDER INPUTS PIP_ARGUMENT...: a virtual environment, made again only when INPUTS have changed.
make_environment() {
  local folder=$1 inputs=$2
  shift 2
  if [ "$(cat "$folder/.made-from" 2>/dev/null)" = "$inputs" ]; then return; fi
  say "Setting up $folder (once)"
  rm -rf "$folder"
  "$python" -m venv "$folder"
  "$folder/bin/python" -m pip install --quiet --disable-pip-version-check 'pip>=25.1' # the first with --group
  "$folder/bin/python" -m pip install --quiet --disable-pip-version-check "$@"
  printf '%s\n' "$inputs" >"$folder/.made-from"
}

# gitlab-ci-local runs pipelines of GitLab here. This release, since later ones need a newer Node than long-lived systems have.
install_gitlab() {
  local wanted=(gitlab-ci-local@4.73.0)
  if ! command -v node >/dev/null || ! command -v npm >/dev/null; then return; fi
  if [ "$(node --print 'process.versions.node.split(".")[0]')" -lt 20 ]; then wanted+=(node@20); fi # brings a Node of its own
  if [ "$(cat .tests-npm/.made-from 2>/dev/null)" = "${wanted[*]}" ]; then return; fi
  say "Setting up .tests-npm (once)"
  # Node has a list of authorities of its own; what the system trusts has to be named
  local trusted=/etc/ssl/certs/ca-certificates.crt
  if [ -z "${NODE_EXTRA_CA_CERTS:-}" ] && [ -r "$trusted" ]; then local -x NODE_EXTRA_CA_CERTS=$trusted; fi
  rm -rf .tests-npm
  mkdir .tests-npm
  if npm install --prefix .tests-npm --no-audit --no-fund --silent "${wanted[@]}"; then
    printf '%s\n' "${wanted[*]}" >.tests-npm/.made-from
  else
    say "npm could not install ${wanted[*]}, so pipelines of GitLab are not tested"
  fi
}

# Names the packages (as Debian calls them) of the programs that tests start and that are not here.
report_missing() {
  local pair missing=()
  for pair in sshd:openssh-server ssh:openssh-client lighttpd:lighttpd git-lfs:git-lfs openssl:openssl gpg:gnupg zsh:zsh fish:fish \
    node:nodejs npm:npm rsync:rsync; do
    # servers are where not every PATH looks
    PATH="$PATH:/usr/sbin:/usr/local/sbin:/sbin" command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}")
  done
  [ ${#missing[@]} -eq 0 ] || say "NOT INSTALLED, so what needs them is not tested: ${missing[*]}"
}

command -v git >/dev/null || stop "needs git"
python=$(find_python)
identity=$("$python" -c 'import sys; print(sys.version, sys.executable)')
wheel=${GITREG_TEST_WHEEL:-}
hash_of() { "$python" -c 'import hashlib, sys; print(*(hashlib.sha256(open(f, "rb").read()).hexdigest() for f in sys.argv[1:]))' "$@"; }

if [ -n "$wheel" ]; then
  [ ! -e gitreg ] || stop "GITREG_TEST_WHEEL is set, and the folder gitreg/ would hide the wheel: remove it first"
  make_environment .tests-venv "$identity $PWD $(hash_of pyproject.toml "$wheel")" "$wheel" --group test
else
  make_environment .tests-venv "$identity $PWD $(hash_of pyproject.toml)" --editable . --group dev
fi
# Of GTO this one release, whichever DVC brings along: it lives apart, and the compatibility suite starts it as a program.
make_environment .gto-venv "$identity $PWD gto==1.10.1" 'gto==1.10.1'
GITREG_TEST_GTO=$PWD/.gto-venv/bin/gto
export GITREG_TEST_GTO
install_gitlab
GITREG_TEST_GITLAB=$PWD/.tests-npm/node_modules/.bin/gitlab-ci-local
export GITREG_TEST_GITLAB
if [ "${CI:-}" = true ]; then export GITREG_TESTS_NO_SKIP="${GITREG_TESTS_NO_SKIP:-1}"; fi
export PATH="$PWD/.tests-venv/bin:$PATH"

report_missing

run_pytest() { python -m pytest -p tests.support.no_skip "$@"; }

if [ $# -gt 0 ]; then
  run_pytest "$@"
  exit
fi
if [ -n "$wheel" ]; then
  run_pytest -n 2 --dist worksteal
  exit
fi

say "ruff check"
ruff check
say "ruff format"
ruff format --check
say "mypy"
mypy
say "import-linter"
lint-imports --no-logo
# What is covered of the core is what the core's own tests cover; to watch all others would take a third of their time again.
say "pytest: the core and its laws"
run_pytest -n 2 --dist worksteal --cov --cov-report= tests/core tests/property
if ! core=$(coverage report --include='gitreg/core/*' --fail-under=100 --show-missing); then
  printf '%s\n' "$core" >&2
  stop "every line and branch of gitreg/core is covered by tests/core and tests/property, and these are not"
fi
say "pytest: all other rooms"
run_pytest -n 2 --dist worksteal --ignore=tests/core --ignore=tests/property
