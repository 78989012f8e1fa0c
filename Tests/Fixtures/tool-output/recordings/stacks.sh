# What differs between a developer's machine and a stack: no .git, newer compilers, lints of a newer Rust. Sourced by
# record.

# --- no .git ----------------------------------------------------------------------------------------------------------
if want no-git-command; then
  new_app; lock
  echo 'fn main() { let run = std::process::Command::new("git").args(["describe", "--tags"]).output().unwrap(); assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr)); }' \
    >"$app/build.rs"
  deploy | keep no-git-command
fi
if want no-git-macro; then
  new_app '[dependencies]\nversion = { path = "version" }'; mkdir -p "$app/version/src"
  printf '[package]\nname = "version"\nversion = "0.1.0"\nedition = "2021"\n[lib]\nproc-macro = true\n' >"$app/version/Cargo.toml"
  cat >"$app/version/src/lib.rs" <<'RUST'
use proc_macro::TokenStream;
#[proc_macro]
pub fn describe(_: TokenStream) -> TokenStream {
  let run = std::process::Command::new("git").args(["describe", "--always"]).output().unwrap();
  let words = String::from_utf8_lossy(if run.status.success() { &run.stdout } else { &run.stderr }).trim().to_string();
  let code = if run.status.success() { format!("{words:?}") } else { format!("compile_error!({words:?})") };
  code.parse().unwrap()
}
RUST
  echo 'fn main() { println!("{}", version::describe!()); }' >"$app/src/main.rs"
  lock; deploy | keep no-git-macro
fi
if [ -d "${GIT_CRATES:-}" ]; then
  sys_crates=$GIT_CRATES
  if want no-git-vergen-6; then
    sys_app '[build-dependencies]\nvergen = "6"'
    echo 'fn main() { vergen::vergen(vergen::Config::default()).unwrap(); }' >"$app/build.rs"; deploy | keep no-git-vergen-6
  fi
  if want no-git-git2; then
    sys_app '[build-dependencies]\ngit2 = { version = "0.16", default-features = false }'
    echo 'fn main() { git2::Repository::discover(".").unwrap(); }' >"$app/build.rs"; deploy | keep no-git-git2
  fi
  unset CARGO_NET_OFFLINE
else
  echo "stacks: git2 and vergen 6 are skipped, GIT_CRATES is not set"
fi
if [ -d "${NEW_CRATES:-}/vergen-8.3.2" ]; then
  sys_crates=$NEW_CRATES
  if want no-git-vergen-8; then
    sys_app '[build-dependencies]\nvergen = { version = "8", features = ["git", "gitcl"] }'
    echo 'fn main() { vergen::EmitBuilder::builder().git_sha(false).fail_on_error().emit().unwrap(); }' >"$app/build.rs"
    deploy | keep no-git-vergen-8
  fi
  unset CARGO_NET_OFFLINE
else
  echo "stacks: vergen 8 is skipped, NEW_CRATES has none"
fi

# --- warnings that are errors -----------------------------------------------------------------------------------------
unused='fn main() { let unused = 1; }\n'
if want warnings-denied-configuration; then
  nightly=$(echo "$machine_rustup"/toolchains/nightly-x86_64-*/bin)
  if [ -x "$nightly/cargo" ]; then
    new_app; lock; printf "$unused" >"$app/src/main.rs"; stable=$real; real=$nightly
    CARGO_BUILD_WARNINGS=deny RUSTC=$real/rustc deploy | keep warnings-denied-configuration
    real=$stable
  else
    echo "warnings-denied-configuration: skipped, there is no nightly toolchain"
  fi
fi
if want warnings-denied-flag; then
  new_app; lock; printf "$unused" >"$app/src/main.rs"; RUSTFLAGS="-D warnings" deploy | keep warnings-denied-flag
fi
if want warnings-denied-source; then
  new_app; lock; printf '#![deny(warnings)]\n%b' "$unused" >"$app/src/main.rs"; deploy | keep warnings-denied-source
fi

# --- newer C and C++ compilers, newer cmake ---------------------------------------------------------------------------
sys_crates=${SYS_CRATES:-/usr/share/cargo/registry}
gcc15() { # COMPILER: a program that runs a compiler of the unpacked packages; needs root
  printf '#!/bin/sh\nexec unshare --mount sh -c '\''mkdir -p "$1$2" && mount --bind "$2" "$1$2" && shift 2 && exec /usr/sbin/chroot "$@"'\'' sh "%s" "%s" "%s" "/usr/bin/%s" "$@"\n' \
    "$GCC15" "$work" "$GCC15" "$1" >"$work/$1"
  chmod +x "$work/$1"
}
if [ -d "${GCC15:-}" ]; then
  if want c23; then
    sys_app '[build-dependencies]\ncc = "1"'; gcc15 gcc-15
    printf 'typedef unsigned char bool;\nint f();\nint g(void) { return f(1); }\n' >"$app/old.c"
    echo 'fn main() { cc::Build::new().file(concat!(env!("CARGO_MANIFEST_DIR"), "/old.c")).compile("old"); }' >"$app/build.rs"
    CC=$work/gcc-15 deploy | keep c23
  fi
  if want cstdint; then
    sys_app '[build-dependencies]\ncc = "1"'; gcc15 g++-15
    printf '#include <string>\nstruct Header { uint32_t size; std::string name; };\n' >"$app/old.cpp"
    echo 'fn main() { cc::Build::new().cpp(true).file(concat!(env!("CARGO_MANIFEST_DIR"), "/old.cpp")).compile("old"); }' \
      >"$app/build.rs"
    CXX=$work/g++-15 deploy | keep cstdint
  fi
  unset CARGO_NET_OFFLINE
else
  echo "stacks: gcc 15 is skipped, GCC15 is not set"
fi
if [ -d "${CMAKE4:-}" ]; then
  if want cmake-4; then
    sys_app '[build-dependencies]\ncmake = "0.1"'; mkdir "$app/native"
    printf 'cmake_minimum_required(VERSION 2.8)\nproject(old C)\n' >"$app/native/CMakeLists.txt"
    echo 'fn main() { cmake::build("native"); }' >"$app/build.rs"
    PATH=$CMAKE4:$PATH deploy | keep cmake-4
  fi
  unset CARGO_NET_OFFLINE
else
  echo "stacks: cmake 4 is skipped, CMAKE4 is not set"
fi
if [ -d "${LIBCLANG:-}" ]; then
  if want bindgen-headers; then
    sys_app '[build-dependencies]\nbindgen = { version = "0.60", default-features = false, features = ["runtime"] }'
    printf '#include <stddef.h>\nsize_t length(void);\n' >"$app/x.h"
    echo 'fn main() { bindgen::Builder::default().header("x.h").generate().unwrap(); }' >"$app/build.rs"
    LIBCLANG_PATH=$LIBCLANG deploy | keep bindgen-headers
  fi
  unset CARGO_NET_OFFLINE
else
  echo "stacks: libclang is skipped, LIBCLANG is not set"
fi
