# What the measurements share. Sourced by each `run`, after `set -euo pipefail`.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# bin/ of version 0.2.0.
former_commit=4cdd09b

# Runs the script again with rustup's servers and crates.io on loopback, unless they are served already.
with_stand_ins() { # option …, --, the script's arguments
  local options=()
  while [ "$1" != -- ]; do
    options+=("$1")
    shift
  done
  shift
  if [ -n "${RUST_STAND_IN_CARGO_CONFIG:-}" ]; then return 0; fi
  swift build --package-path "$top" --product local-deploy >&2
  exec "$(swift build --package-path "$top" --show-bin-path)/local-deploy" stand-ins "${options[@]}" -- "$0" "$@"
}

# `work`, a folder that ends with the script, and in it what a deployment needs: `link`, where the buildpack works;
# `builds`, below which cargo finds the stand-in for crates.io; an empty env directory.
prepare() {
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  machine_cargo=$(rustup which cargo)
  unset CARGO_HOME RUSTUP_HOME CARGO_TARGET_DIR RUSTFLAGS RUSTUP_TOOLCHAIN RUSTUP_AUTO_INSTALL RUSTC_WRAPPER
  export STACK=benchmark NO_COLOR=1
  link=$work/link builds=$work/builds number=0
  mkdir -p "$builds/.cargo" "$work/env" "$work/times" "$work/this/bin"
  cp "$RUST_STAND_IN_CARGO_CONFIG" "$builds/.cargo/config.toml"
  # A copy, because a deployment leaves `export` beside bin/.
  cp "$(this_version)" "$work/this/bin/compile"
  this=$work/this/bin/compile
}

# The executable to be measured: COMPILE; or bin/compile; or, where that is still of version 0.2.0, a development build,
# which is optimised like a release.
this_version() {
  if [ -n "${COMPILE:-}" ]; then
    echo "$COMPILE"
  elif git -C "$top" diff --quiet "$former_commit" -- bin/compile 2>/dev/null; then
    swift build --package-path "$top" --product compile >&2
    echo "$(swift build --package-path "$top" --show-bin-path)/compile"
  else
    echo "$top/bin/compile"
  fi
}

# Sets `former`, the executable of version 0.2.0.
get_former() {
  mkdir -p "$work/former"
  git -C "$top" archive "$former_commit" bin | tar -x -C "$work/former"
  former=$work/former/bin/compile
}

# Gives an app the lock file that fits the stand-in for crates.io.
lock_app() {
  rm -rf "$builds/lock"
  cp -r "$1" "$builds/lock"
  (cd "$builds/lock" && CARGO_HOME=$work/machine-cargo "$machine_cargo" generate-lockfile --quiet)
  cp "$builds/lock/Cargo.lock" "$1/"
  rm -rf "$builds/lock"
}

# `build`: a copy of the app at a path that no deployment had before. What the last deployment left on this machine is
# gone, as on the platform.
fresh() {
  rm -rf "$builds"/[0-9]* "$link"
  number=$((number + 1))
  build=$builds/$number
  cp -r "$1" "$build"
}

now() { echo "${EPOCHREALTIME/./}"; } # microseconds

# timed NAME COMMAND …: runs a command, adds its milliseconds to $work/times/NAME, and leaves its log, with the time of
# each line before it, in $work/log. What was written before goes to disk first, or the command would wait for it.
timed() {
  local name=$1 start end status=0 stamper
  shift
  sync
  exec 3> >(stamp)
  stamper=$!
  start=$(now)
  "$@" >&3 2>&1 3>&- || status=$?
  end=$(now)
  exec 3>&-
  wait "$stamper"
  if [ "$status" != 0 ]; then
    cut -d ' ' -f 2- "$work/log" >&2
    echo "failed: $*" >&2
    exit 1
  fi
  add "$name" $(((end - start) / 1000))
}
stamp() {
  local line
  while IFS= read -r line; do printf '%s %s\n' "${EPOCHREALTIME/./}" "$line"; done >"$work/log"
}

# The milliseconds from the first line of the log that begins like $1 to the next that begins like $2.
between() {
  awk -v from="$1" -v to="$2" '
    { time = $1; sub(/^[0-9]+ /, "") }
    start && index($0, to) == 1 { printf "%d\n", (time - start) / 1000; exit }
    !start && index($0, from) == 1 { start = time }' "$work/log"
}
# What of a deployment with a cache is restoring: the wait for Rust and what was compiled, and before cargo is run the one
# for the crates. The sources are read, and the server is asked for a newer toolchain, in the meantime.
restoring() {
  local wait=0
  if grep -q ' Unpacking .*: Rust, crates' "$work/log"; then wait=$(between "-----> Building" '       Running "cargo '); fi
  echo $(($(between "-----> Restoring the build cache" "-----> Reading the app") + wait))
}

# The deployments that are compared, of what `fresh` made, with a cache directory.
deploy() { # NAME CACHE_DIR [VARIABLE=VALUE …]
  local name=$1 cache=$2
  shift 2
  timed "$name" env HOME="$build" RUST_BUILDPACK_LINK="$link" "$@" "$this" "$build" "$cache" "$work/env"
}
deploy_former() { # NAME CACHE_DIR
  timed "$1" env HOME="$build" "$former" "$build" "$2" "$work/env"
}
deploy_reference() { # NAME CACHE_DIR [PACKAGE …]
  timed "$1" env HOME="$build" PACKAGES="${*:3}" "$top/Benchmarks/bash-buildpack/bin/compile" "$build" "$2"
}

# How many crates the log says were compiled.
compiled() {
  if grep -q ' Compiled [0-9]* crate' "$work/log"; then
    sed -n 's/.* Compiled \([0-9]*\) crate.*/\1/p' "$work/log"
  else
    grep -c '^[0-9]* *Compiling ' "$work/log" || :
  fi
}

add() { echo "$2" >>"$work/times/$1"; }
last() { tail -n 1 "$work/times/$1"; }
median() { sort -n "$work/times/$1" | awk '{ v[NR] = $1 } END { print (NR % 2) ? v[(NR + 1) / 2] : int((v[NR / 2] + v[NR / 2 + 1]) / 2) }'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }
seconds() { awk -v a="$1" 'BEGIN { printf (a < 9995 ? "%.2f s" : "%.1f s"), a / 1000 }'; }
megabytes() { awk -v a="$1" 'BEGIN { printf (a < 9950000 ? "%.1f MB" : "%.0f MB"), a / 1e6 }'; }
bytes_of() { du -sb --apparent-size "$1" | cut -f 1; } # of a file, or of all files in a folder
row() { printf '|'; printf ' %s |' "$@"; echo; }

# What was measured, on which machine, and how busy that is.
heading() {
  echo "$("$this" --version), $(stat -c %s "$this") bytes, $(sha256sum <"$this" | cut -c1-12); $(nproc) processors," \
    "load $(cut -d ' ' -f 1 /proc/loadavg); medians of $1"
}
