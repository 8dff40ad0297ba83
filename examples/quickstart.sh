#!/usr/bin/env bash
# The main job of gitreg, end to end, on real input: train a model twice, register both versions, promote, roll back, read the
# registry from a second clone, keep large files in a storage, and get them from there with nothing but the repository's address.
# Needs git, Python >= 3.11 and a package index; everything happens in .quickstart/ of this checkout (or in the folder that
# QUICKSTART_DIR names), which can be deleted afterwards.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
place=${QUICKSTART_DIR:-$here/.quickstart}

# A hook or an alias that runs this must not lead git to its own repository.
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_OBJECT_DIRECTORY GIT_COMMON_DIR GIT_PREFIX

python=""
for candidate in "${PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11; do
  if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    python=$candidate
    break
  fi
done
if [ -z "$python" ]; then
  echo "quickstart: needs Python 3.11 or later, and found none" >&2
  exit 2
fi

say() { printf '\n\033[1m# %s\033[0m\n' "$*"; }
run() {
  printf '$'
  printf ' %q' "$@"
  printf '\n'
  "$@"
}
if [ ! -t 1 ] || [ -n "${NO_COLOR:-}" ]; then
  say() { printf '\n# %s\n' "$*"; }
fi

mkdir -p "$place"
if [ -z "${QUICKSTART_BIN:-}" ]; then # a folder with gitreg and python in it saves the installation
  say "gitreg, in an environment of its own"
  if [ ! -x "$place/env/bin/python" ]; then
    "$python" -m venv "$place/env"
  fi
  "$place/env/bin/python" -m pip install --quiet --disable-pip-version-check "$here"
  QUICKSTART_BIN="$place/env/bin"
fi
PATH="$QUICKSTART_BIN:$PATH"
run gitreg --version

# A fresh team: a shared remote, and Ann's clone of it. Nothing here reads or changes your own git configuration.
rm -rf "$place/team"
mkdir -p "$place/team/home"
export HOME="$place/team/home" GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL="$place/team/home/.gitconfig"
git config --global user.name "Ann Example"
git config --global user.email ann@example.com
git config --global init.defaultBranch main
cd "$place/team"

say "a repository with a remote, and a model trained on real data"
run git init --quiet --bare hub.git
run git clone --quiet hub.git ann 2>/dev/null
cd ann
cp "$here/examples/train.py" .
cp "$here/examples/data/cars.csv" .
run python train.py 1 cars.csv model.json metrics.json

say "what the model is stands in artifacts.yaml"
run gitreg init
run gitreg annotate braking --path model.json --type model --label demo --owner ann \
  --description "Braking distance of a car from its speed"
run git add .
run git commit --quiet -m "A straight line"
run git push --quiet origin main

say "a version is an annotated tag, made on the remote first"
run gitreg register braking --version v1.0.0 -m "First model" --push
run gitreg assign braking@v1.0.0 prod --push

say "a better model: the next version, promoted in one step"
run python train.py 2 cars.csv model.json metrics.json
run git commit --quiet -am "A parabola"
run git push --quiet origin main
run gitreg assign braking prod --register --bump minor --push

say "the registry"
run gitreg show
run gitreg show braking

say "trouble: back to the version before"
run gitreg rollback braking prod --push
run gitreg history braking

say "a colleague with nothing but a clone gets the same answer, and the very file that is in prod"
cd "$place/team"
run git clone --quiet hub.git ben
cd ben
run gitreg resolve 'braking#prod'
commit=$(gitreg resolve 'braking#prod' --commit)
path=$(gitreg resolve 'braking#prod' --path)
run git show "$commit:$path"
run gitreg check

say "what is too large for git goes to a storage: here a folder, elsewhere S3 or what else DVC knows"
cd "$place/team/ann"
run gitreg init --storage "$place/team/storage"
run git add .
run git commit --quiet -m "A place for large files"
mkdir -p drives
for month in 1 2 3; do
  python -c 'import random, sys; random.seed(sys.argv[1]); print(*(random.random() for _ in range(100000)))' "$month" >"drives/$month.txt"
done
run gitreg add drives --name drives --type dataset --register --version v1.0.0 --push -m "Drives of spring"
run gitreg verify drives

say "whoever has the address gets the very bytes, checked; nothing else comes along"
cd "$place/team"
mkdir -p server/cache
cd server
export GITREG_CACHE_DIR="$place/team/server/cache"
run gitreg get drives@latest --repo "file://$place/team/hub.git"
run cmp drives/2.txt ../ann/drives/2.txt
run gitreg get 'braking#prod' --repo "file://$place/team/hub.git"
run gitreg url drives@latest --repo "file://$place/team/hub.git"

say "done: look around in $place/team"
