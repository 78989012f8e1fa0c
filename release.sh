#!/usr/bin/env bash
# Makes what users set as BUILDPACK_URL. Nothing else makes it.
#
#   ./release.sh [VERSION]      bin/: the static executables that the platform runs; release.lock: what made them; and
#                               dist/rust-buildpack-VERSION.tgz with its .sha256. VERSION must be the sources' own
#   ./release.sh --bin          bin/ and release.lock alone, of uncommitted sources, too: for trying
#   ./release.sh --check        is the committed bin/ what the committed sources make? Exit 3: can't be compared here
#   ./release.sh --pack FOLDER  the archive of bin/ as it stands, into FOLDER; builds nothing
#
# The same sources give the same bytes in every folder and for every user, as long as the tools and the C library that
# are linked in are those that release.lock names.
set -euo pipefail
export LC_ALL=C
umask 022
cd "$(dirname "${BASH_SOURCE[0]}")"

readonly executables=(compile detect release)
readonly documents=(CHANGELOG.md LICENSE README.md)
readonly scratch=.build/release-static

temporary=
trap 'rm -rf "$temporary"' EXIT

fail() {
  printf 'release.sh: %s\n' "$*" >&2
  exit 1
}

code_version() {
  sed -n 's/^package let buildpackVersion = "\(.*\)"$/\1/p' Sources/RustBuildpack/Phases/Version.swift
}

# --- what the executables are made with ------------------------------------------------------------------------------

# A tool's name and version, on one line.
version_of() { "$@" --version 2>/dev/null | head -n 1; }

# One sum over the libraries and start files of C and C++ that are linked in.
c_libraries_sum() {
  local name
  for name in crt1.o crti.o crtbeginT.o crtend.o crtn.o libc.a libm.a libpthread.a libgcc.a libgcc_eh.a libstdc++.a; do
    cat "$(cc -print-file-name="$name")"
  done | sha256sum | cut -d ' ' -f 1
}

makers() {
  printf 'swift      %s\n' "$(swiftc --version 2>/dev/null | grep -o 'Swift version .*' | head -n 1)"
  printf 'libc       %s\n' "$(version_of ldd)"
  printf 'libraries  %s\n' "$(c_libraries_sum)"
  printf 'linker     %s\n' "$(version_of ld.gold)"
  printf 'strip      %s\n' "$(version_of strip)"
}

lock() {
  echo '# Written by release.sh beside bin/. The same makers give the same bytes: "./release.sh --check" compares.'
  makers
  (cd "$1" && sha256sum "${executables[@]}") | sed 's|^\(.*\)  \(.*\)$|sum        \1  bin/\2|'
}

# --- building --------------------------------------------------------------------------------------------------------

# -Osize: as fast as -O here (SHA-256 of 20 MB: 89 ms and 92 ms; start: no difference) and 80 kB smaller.
# What strip removes beyond symbols is a hash of the sources' folder, a build identifier and compilers' names.
build() { # into the folder $1
  local name program
  mkdir -p "$1"
  for name in "${executables[@]}"; do
    echo "building bin/$name"
    swift build --quiet --configuration release --scratch-path "$scratch" \
      -Xswiftc -static-executable -Xswiftc -Osize -Xswiftc -gnone \
      -Xlinker --gc-sections -Xlinker --build-id=none --product "$name" \
      2>&1 | grep -v -e "Using 'dlopen' in statically linked" -e '^$' || [ "${PIPESTATUS[0]}" = 0 ] ||
      fail "bin/$name was not built"
    program=$scratch/release/$name
    check_symbols "$program"
    # A new file, not new content of the old one: that may be running.
    rm -f "$1/$name"
    strip -s -R .swift_modhash -R .note.gnu.build-id -R .comment -o "$1/$name" "$program"
    chmod 755 "$1/$name"
    check_program "$1/$name" "$name"
  done
}

# Nothing that starts slowly or weighs much is linked in. The names are those of the compiled modules and of the
# runtime's entry points: they are in the symbol table if one function of them is.
check_symbols() {
  local symbols found
  symbols=$(nm "$1")
  grep -q ' \$s13RustBuildpack' <<<"$symbols" || fail "$1 has no symbols to be checked"
  found=$(grep -E -m 5 \
    -e ' \$s(10Foundation|20FoundationEssentials|8Dispatch|12_RegexParser|17_StringProcessing|12RegexBuilder)' \
    -e ' [Tt] (swift_task_create|swift_job_run|swift_task_alloc|dispatch_async|_CFRuntimeCreateInstance)' \
    <<<"$symbols" || true)
  [ -z "$found" ] || fail "$1 holds what must not be linked in:"$'\n'"$found"
}

check_program() { # the file $1, called $2
  local headers place places told
  headers=$(readelf --wide --program-headers "$1")
  grep -q 'Elf file type is EXEC' <<<"$headers" || fail "$1 is no executable of fixed addresses"
  if grep -E '^ +(INTERP|DYNAMIC) ' <<<"$headers"; then fail "$1 is not statically linked"; fi
  places=("$PWD" "$(dirname "$(dirname "$(readlink -f "$(command -v swiftc)")")")/lib/")
  case "${HOME:-/}" in / | /nonexistent) ;; *) places+=("${HOME%/}/") ;; esac
  for place in "${places[@]}"; do
    if grep -a -q -F -e "$place" "$1"; then fail "$1 holds a path of this machine: $place"; fi
  done
  told=$("$1" --version)
  [ "$told" = "rust-buildpack $(code_version)" ] || fail "$1 --version says \"$told\""
}

tell() { # the folder $1
  local name
  for name in "${executables[@]}"; do
    printf '%9d bytes  %s  bin/%s\n' "$(stat -c %s "$1/$name")" "$(sha256sum <"$1/$name" | cut -d ' ' -f 1)" "$name"
  done
}

# --- the archive -----------------------------------------------------------------------------------------------------

pack() { # into the folder $1
  local version stage archive name
  version=$(code_version)
  archive=rust-buildpack-$version.tgz
  temporary=$(mktemp -d)
  stage=$temporary
  mkdir -p "$1" "$stage/bin"
  for name in "${executables[@]}"; do install -m 755 "bin/$name" "$stage/bin/$name"; done
  for name in "${documents[@]}"; do install -m 644 "$name" "$stage/$name"; done
  printf '%s\n' "$version" >"$stage/VERSION"
  (cd "$stage" && tar --create --format=ustar --sort=name --owner=0 --group=0 --numeric-owner --mtime=@946684800 -- *) |
    gzip -n -9 >"$1/$archive"
  (cd "$1" && sha256sum "$archive" >"$archive.sha256")
  printf '%9d bytes  %s\n' "$(stat -c %s "$1/$archive")" "$(cat "$1/$archive.sha256")"
}

check_version() {
  local number='(0|[1-9][0-9]*)' word='[0-9A-Za-z-]+'
  [[ $1 =~ ^$number\.$number\.$number(-$word(\.$word)*)?$ ]] || fail "\"$1\" is not a semantic version like 1.2.3"
  [ "$1" = "$(code_version)" ] ||
    fail "the sources are of version $(code_version), not $1 (Sources/RustBuildpack/Phases/Version.swift)"
  grep -q -F -e "## [$1]" CHANGELOG.md || fail "CHANGELOG.md has no section \"## [$1]\""
}

# bin/ and release.lock are excepted: they are what this script makes, and are committed after it.
check_clean() {
  local changes
  changes=$(git status --porcelain --untracked-files=all -- . ':(exclude)bin' ':(exclude)release.lock')
  [ -z "$changes" ] || fail "an archive is made of committed sources only; these differ (--bin makes bin/ of them all the same):"$'\n'"$changes"
}

# --- is the committed bin/ what the sources make? --------------------------------------------------------------------

check() {
  local made name differing=() listed
  git rev-parse --verify --quiet HEAD >/dev/null || fail "git can't read this checkout"
  for name in "${executables[@]}"; do
    git cat-file -e "HEAD:bin/$name" 2>/dev/null || fail "bin/$name is not committed"
  done
  listed=$(git ls-tree -r HEAD bin | awk '{ print $1, $4 }' | tr '\n' ';')
  [ "$listed" = "100755 bin/compile;100755 bin/detect;100755 bin/release;" ] ||
    fail "bin/ must hold three executables and nothing else, and holds: $listed"
  git cat-file -e HEAD:release.lock 2>/dev/null || fail "release.lock is not committed"
  check_clean
  if ! diff <(git show HEAD:release.lock | grep -v -e '^#' -e '^sum ') <(makers) >/dev/null; then
    echo "bin/ can't be compared on this machine, which would make it of something else (<: bin/, >: here):"
    diff <(git show HEAD:release.lock | grep -v -e '^#' -e '^sum ') <(makers) | grep '^[<>]' || true
    exit 3
  fi
  temporary=$(mktemp -d)
  made=$temporary
  build "$made"
  for name in "${executables[@]}"; do
    git show "HEAD:bin/$name" | cmp -s - "$made/$name" || differing+=("bin/$name")
  done
  [ ${#differing[@]} = 0 ] ||
    fail "not what the sources make: ${differing[*]}. Run ./release.sh and commit bin/ and release.lock."
  diff <(git show HEAD:release.lock) <(lock "$made") >/dev/null || fail "release.lock does not fit bin/"
  echo "bin/ is byte for byte what the sources make:"
  tell "$made"
}

case "$#:${1:-}" in
  1:--bin)
    build bin
    lock bin >release.lock
    tell bin
    ;;
  1:--check) check ;;
  2:--pack) pack "$2" ;;
  1:-h | 1:--help) sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" ;;
  0: | 1:[0-9]*)
    check_version "${1:-$(code_version)}"
    check_clean
    build bin
    lock bin >release.lock
    tell bin
    pack dist
    if [ -n "$(git status --porcelain -- bin release.lock)" ]; then
      echo "bin/ and release.lock are new: commit them, and tag that commit v$(code_version)."
    fi
    ;;
  *) fail "usage: ./release.sh [VERSION | --bin | --check | --pack FOLDER]" ;;
esac
