# What rustc, the linker and the machine say. Sourced by record.

configure_app() { mkdir -p "$app/.cargo"; printf "$1" >"$app/.cargo/config.toml"; }
target=x86_64-unknown-linux-gnu

if want std-missing; then new_app; lock; deploy --target wasm32-unknown-unknown | keep std-missing; fi
if want core-missing; then
  new_app; lock; printf '#![no_std]\n#![no_main]\n' >"$app/src/main.rs"
  deploy --target wasm32-unknown-unknown | keep core-missing
fi
if want nightly-feature; then
  new_app; lock; printf '#![feature(never_type)]\nfn main() {}\n' >"$app/src/main.rs"; deploy | keep nightly-feature
fi
if want compiler-panicked; then
  new_app; lock; printf 'fn main() { let x: u8 = "a"; }\n' >"$app/src/main.rs"
  RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Ztreat-err-as-bug deploy | keep compiler-panicked
  rm -f "$app"/rustc-ice-*
fi
if want compiler-killed; then
  new_app; lock
  printf '#!/bin/sh\ncase "$*" in *--crate-name\\ app*) kill -9 $$;; esac\nexec "$@"\n' >"$work/wrapper"
  chmod +x "$work/wrapper"; RUSTC_WRAPPER=$work/wrapper deploy | keep compiler-killed
fi
if want linker-killed; then
  new_app; lock; mkdir -p "$work/tools"; printf '#!/bin/sh\nkill -9 $$\n' >"$work/tools/ld.bfd"
  chmod +x "$work/tools/ld.bfd"; cp "$work/tools/ld.bfd" "$work/tools/ld"
  configure_app "[target.$target]\nrustflags = [\"-Clinker-features=-lld\", \"-Clink-arg=-B$work/tools\"]\n"
  deploy | keep linker-killed
fi
if want c-compiler-killed; then
  new_app; lock; mkdir -p "$work/tools"; printf '#!/bin/sh\nkill -9 $$\n' >"$work/tools/cc1"; chmod +x "$work/tools/cc1"
  echo 'int x;' >"$app/x.c"
  printf 'fn main() { let ok = std::process::Command::new("gcc").args(["-B%s", "-c", "x.c"]).status().unwrap(); assert!(ok.success(), "gcc failed"); }' \
    "$work/tools" >"$app/build.rs"
  deploy | keep c-compiler-killed
fi
if want memory-refused; then
  new_app; lock; echo 'static X: [u8; 150 << 20] = [1; 150 << 20]; fn main() { println!("{}", X[9]); }' >"$app/src/main.rs"
  printf '#!/bin/sh\ncase "$*" in *--crate-name\\ app*) ulimit -v 700000;; esac\nexec "$@"\n' >"$work/wrapper"
  chmod +x "$work/wrapper"; RUSTC_WRAPPER=$work/wrapper deploy | keep memory-refused
fi
full() { # NAME BYTES-LEFT
  want "$1" || return 0
  new_app; lock; rm -rf "$work/target"; mkdir "$work/target"
  if mount -t tmpfs -o size=8m tmpfs "$work/target" 2>/dev/null; then
    head -c $((8 * 1024 * 1024 - $2)) /dev/zero >"$work/target/filler"
    deploy | keep "$1"
    umount "$work/target"
  else
    echo "$1: skipped, no tmpfs can be mounted here"
  fi
}
full disk-full 20000
full disk-full-linker 1000000
if want linker-missing; then
  new_app; lock; configure_app "[target.$target]\nlinker = \"special-linker\"\n"; deploy | keep linker-missing
fi
if want clang-missing; then
  new_app; lock
  configure_app "[target.$target]\nlinker = \"clang\"\nrustflags = [\"-Clink-arg=-fuse-ld=mold\"]\n"
  deploy | keep clang-missing
fi
if want mold-missing; then
  new_app; lock; configure_app "[target.$target]\nrustflags = [\"-Clink-arg=-fuse-ld=mold\"]\n"
  deploy | keep mold-missing
fi
if want lld-missing; then
  new_app; lock
  configure_app "[target.$target]\nrustflags = [\"-Clinker-features=-lld\", \"-Clink-arg=-fuse-ld=lld\"]\n"
  deploy | keep lld-missing
fi
fancy='fn main() { println!("cargo:rustc-link-lib=fancy"); }'
if want library-missing-lld; then
  new_app; lock; echo "$fancy" >"$app/build.rs"; deploy | keep library-missing-lld
fi
if want library-missing-ld; then
  new_app; lock; echo "$fancy" >"$app/build.rs"; configure_app "[target.$target]\nrustflags = [\"-Clinker-features=-lld\"]\n"
  deploy | keep library-missing-ld
fi
if want static-library-missing; then
  new_app; lock; echo "$fancy" | sed 's/lib=/lib=static=/' >"$app/build.rs"; deploy | keep static-library-missing
fi
outside='extern "C" { fn fancy_call(); }\nfn main() { unsafe { fancy_call() } }\n'
if want symbol-undefined-lld; then
  new_app; lock; printf "$outside" >"$app/src/main.rs"; deploy | keep symbol-undefined-lld
fi
if want symbol-undefined-ld; then
  new_app; lock; printf "$outside" >"$app/src/main.rs"
  configure_app "[target.$target]\nrustflags = [\"-Clinker-features=-lld\"]\n"; deploy | keep symbol-undefined-ld
fi
if want build-script-panicked; then
  new_app; lock; echo 'fn main() { panic!("templates/ is empty"); }' >"$app/build.rs"; deploy | keep build-script-panicked
fi
if want build-script-program; then
  new_app; lock; echo 'fn main() { std::process::Command::new("tailwindcss").arg("--minify").status().unwrap(); }' >"$app/build.rs"
  deploy | keep build-script-program
fi
if want header-missing; then
  new_app; lock; printf '#include <fancy.h>\n' >"$app/x.c"
  echo 'fn main() { assert!(std::process::Command::new("gcc").args(["-c", "x.c"]).status().unwrap().success()); }' \
    >"$app/build.rs"
  deploy | keep header-missing
fi
if want environment-variable-missing; then
  new_app; lock; echo 'fn main() { println!("{}", env!("API_BASE")); }' >"$app/src/main.rs"
  deploy | keep environment-variable-missing
fi
if want own-file-missing; then
  new_app; lock; echo 'fn main() { println!("{}", include_str!("../page.html")); }' >"$app/src/main.rs"
  deploy | keep own-file-missing
fi

# What must match no row: the app's own mistakes, and a build that succeeds.
if want none-compile-error; then
  new_app; lock
  printf '// error: linker `cc` not found\nfn main() { let no_space_left_on_device: u8 = "undefined reference to `x`"; }\n' \
    >"$app/src/main.rs"
  deploy | keep none-compile-error
fi
if want none-success; then
  new_app '[dependencies]\ngreeting = "1"'; lock; deploy | keep none-success
fi
if want none-retried-network; then
  new_app '[dependencies]\ngreeting = "1"'; lock; rm -rf "$CARGO_HOME/registry"
  echo 'fn main() { let x: u8 = "a"; }' >"$app/src/main.rs"
  sed -i "s#/crates/#/once/crates/#" "$served/index/config.json"; deploy | keep none-retried-network
  sed -i "s#/once/crates/#/crates/#" "$served/index/config.json"; rm -rf "$CARGO_HOME/registry"
fi
if want pkg-config-alone; then
  new_app; lock
  echo 'fn main() { assert!(std::process::Command::new("pkg-config").args(["--libs", "fancy"]).status().unwrap().success()); }' \
    >"$app/build.rs"
  deploy | keep pkg-config-alone
fi
