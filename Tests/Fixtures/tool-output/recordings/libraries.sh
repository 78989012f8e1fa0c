# What the build scripts of -sys crates say, run for real from Debian's sources of the crates. Sourced by record.

# A pkg-config that knows no library.
export_bare() { export PKG_CONFIG_LIBDIR=/nowhere PKG_CONFIG_PATH=; }
# Runs a command on a view of the machine that lacks a library's files; needs root for the mounts.
without() {
  local library=$1 folder=/usr/lib/x86_64-linux-gnu layer; shift
  layer=$(mktemp -d)
  export -f deploy; export app real work layer folder library
  unshare --mount bash -c 'mount -t tmpfs tmpfs "$layer" && mkdir "$layer/upper" "$layer/work" &&
    mount -t overlay overlay -o "lowerdir=$folder,upperdir=$layer/upper,workdir=$layer/work" "$folder" &&
    rm -f "$folder/$library".so "$folder/$library".a && PATH=$real:/usr/bin:/bin; mkdir -p "$layer/bin"
    printf "#!/bin/sh\nexit 1\n" >"$layer/bin/pg_config"; chmod +x "$layer/bin/pg_config"; PATH=$layer/bin:$PATH
    "$@"' - "$@"
  rmdir "$layer"
}
sys_app() { new_app "$1"; use_sys_crates; export CARGO_NET_OFFLINE=true; lock; }

if [ -d "$sys_crates/openssl-sys-0.9.80" ]; then
  if want openssl; then
    sys_app '[dependencies]\nopenssl-sys = "0.9"'; (export_bare; deploy) | keep openssl
  fi
  linked() { # NAME CRATE VERSION LIBRARY: a crate that asks the linker for a library that is hidden from it
    want "$1" || return 0
    sys_app "[dependencies]\n$2 = \"$3\""; echo "use ${2//-/_} as _; fn main() {}" >"$app/src/main.rs"
    (export_bare; without "$4" deploy) | keep "$1"
  }
  linked sqlite3 libsqlite3-sys 0.25 libsqlite3
  linked libpq pq-sys 0.4 libpq
  if want mysqlclient; then
    new_app; lock; echo 'fn main() { println!("cargo:rustc-link-lib=mysqlclient"); }' >"$app/build.rs"
    without libmysqlclient deploy | keep mysqlclient
  fi
  if want pkg-config-library; then
    sys_app '[dependencies]\nlibdbus-sys = "0.2"'; (export_bare; deploy) | keep pkg-config-library
  fi
  if want cmake; then
    sys_app '[build-dependencies]\ncmake = "0.1"'; echo 'fn main() { cmake::build("native"); }' >"$app/build.rs"
    mkdir "$app/native"; deploy | keep cmake
  fi
  if want protoc; then
    sys_app '[build-dependencies]\nprost-build = "0.11"'
    echo 'fn main() { prost_build::compile_protos(&["api.proto"], &["."]).unwrap(); }' >"$app/build.rs"
    echo 'syntax = "proto3";' >"$app/api.proto"; deploy | keep protoc
  fi
  if want libclang; then
    sys_app '[build-dependencies]\nbindgen = { version = "0.60", default-features = false, features = ["runtime"] }'
    echo 'fn main() { bindgen::Builder::default().header("x.h").generate().unwrap(); }' >"$app/build.rs"
    touch "$app/x.h"; LIBCLANG_PATH=/nowhere deploy | keep libclang
  fi
  if want nasm; then
    sys_app '[build-dependencies]\nnasm-rs = "0.2"'
    echo 'fn main() { nasm_rs::compile_library("libx.a", &["x.asm"]).unwrap(); }' >"$app/build.rs"
    touch "$app/x.asm"; deploy | keep nasm
  fi
  unset CARGO_NET_OFFLINE
else
  echo "libraries: skipped, SYS_CRATES has no crates (see debian-packages.txt)"
fi

# --- newer crates, of Debian 13 ---------------------------------------------------------------------------------------
if [ -n "${NEW_CRATES:-}" ]; then
  # Debian's patches of pkg-config are taken back: its words are those of the crate as it is published.
  sys_crates=$work/crates
  cp -as "$NEW_CRATES" "$sys_crates"
  for folder in "$NEW_CRATES"/pkg-config-*; do
    rm -rf "${sys_crates:?}/${folder##*/}"; cp -a "$folder" "$sys_crates"
    tac "$folder/debian/patches/series" | while read -r name; do
      patch -d "$sys_crates/${folder##*/}" -R -p1 -s <"$folder/debian/patches/$name"
    done
  done
  if want pkg-config-library-new; then
    sys_app '[dependencies]\nalsa-sys = "0.3"'; (export_bare; deploy) | keep pkg-config-library-new
  fi
  if want cross-compilation; then
    # The crate compares two variables of cargo's; this spares the standard library of another target.
    sys_app '[build-dependencies]\npkg-config = "0.3"'
    echo 'fn main() { std::env::set_var("TARGET", "x86_64-unknown-linux-musl"); pkg_config::probe_library("zlib").unwrap(); }' \
      >"$app/build.rs"
    deploy | keep cross-compilation
  fi
  if want sqlx-no-database || want sqlx-not-prepared || want sqlx-unreachable; then
    sys_app '[dependencies]\nsqlx = { version = "0.8", default-features = false, features = ["runtime-tokio", "macros", "postgres"] }'
    deploy >/dev/null; rm -rf "$app/bin"
    echo 'fn main() { let _ = sqlx::query!("SELECT id FROM users WHERE name = $1", "x"); }' >"$app/src/main.rs"
    (unset DATABASE_URL; deploy) | keep sqlx-no-database
    SQLX_OFFLINE=true deploy | keep sqlx-not-prepared
    DATABASE_URL=postgres://app@$closed/app deploy | keep sqlx-unreachable
  fi
  unset CARGO_NET_OFFLINE
else
  echo "libraries: those of newer crates are skipped, NEW_CRATES is not set"
fi
