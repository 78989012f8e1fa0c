# What cargo says about manifests, lock files and versions. Sourced by record.

generate() { (cd "$app" && "$real/cargo" generate-lockfile 2>&1); }

if want lock-file-outdated; then
  new_app '[dependencies]\ngreeting = "1"'; lock; echo 'modern = "1"' >>"$app/Cargo.toml"
  (cd "$app" && "$real/cargo" tree --locked -e no-dev --depth 0 2>&1) | keep lock-file-outdated
fi
if want lock-file-unreadable; then
  new_app; printf '<<<<<<< HEAD\nversion = 4\n=======\nversion = 3\n>>>>>>> main\n' >"$app/Cargo.lock"
  deploy | keep lock-file-unreadable
fi
if want package-unknown; then new_app '[dependencies]\ngretting = "1"'; generate | keep package-unknown; fi
if want version-unknown; then new_app '[dependencies]\ngreeting = "9"'; generate | keep version-unknown; fi
if want version-yanked; then new_app '[dependencies]\nwithdrawn = "2"'; generate | keep version-yanked; fi
if want dependency-feature-unknown; then
  new_app '[dependencies]\ngreeting = { version = "1", features = ["loud"] }'; generate | keep dependency-feature-unknown
fi
if want feature-unknown; then new_app; lock; deploy --features loud | keep feature-unknown; fi
if want checksum-changed; then
  new_app '[dependencies]\ngreeting = "1"'; lock
  sed -i 's/^checksum = ".*"/checksum = "'"$(printf '0%.0s' {1..64})"'"/' "$app/Cargo.lock"
  deploy | keep checksum-changed
fi
if want checksum-of-file; then
  new_app '[dependencies]\ngreeting = "=1.0.0"'; lock
  cp "$served/crates/greeting-1.0.0.crate" "$work/kept"; echo >>"$served/crates/greeting-1.0.0.crate"
  deploy | keep checksum-of-file
  cp "$work/kept" "$served/crates/greeting-1.0.0.crate"
fi
if want rustc-too-old; then new_app 'rust-version = "1.999"'; lock; deploy | keep rustc-too-old; fi
if want rustc-too-old-for-dependency; then
  new_app '[dependencies]\nmodern = "1"'; lock; deploy | keep rustc-too-old-for-dependency
fi
if want edition-unknown; then
  new_app; sed -i 's/2021/2027/' "$app/Cargo.toml"; metadata | keep edition-unknown
fi
if [ -n "${OLD_CARGO:-}" ]; then
  # A real cargo from before edition 2024: Debian's package "cargo" (1.65), unpacked; a program or a script that runs it.
  if want edition-2024-on-old-cargo; then
    new_app; sed -i 's/2021/2024/' "$app/Cargo.toml"
    (cd "$app" && "$OLD_CARGO" metadata --no-deps --format-version 1 2>&1 >/dev/null) | keep edition-2024-on-old-cargo
  fi
  if want lock-file-too-new; then
    new_app; printf 'version = 4\n\n[[package]]\nname = "app"\nversion = "0.1.0"\n' >"$app/Cargo.lock"
    (cd "$app" && "$OLD_CARGO" install --path . --locked --root "$app" --no-track 2>&1) | keep lock-file-too-new
  fi
fi
if want manifest-syntax; then new_app '[dependencies\ngreeting = "1"'; metadata | keep manifest-syntax; fi
if want manifest-value; then new_app '[dependencies]\ngreeting = 1'; metadata | keep manifest-value; fi
if want manifest-no-target; then new_app; rm "$app/src/main.rs"; metadata | keep manifest-no-target; fi
if want binary-file-missing; then
  new_app '[[bin]]\nname = "worker"'; rm "$app/src/main.rs"; metadata | keep binary-file-missing
fi
if want binary-twice; then
  new_app '[[bin]]\nname = "web"\npath = "src/main.rs"\n[[bin]]\nname = "web"\npath = "src/main.rs"'
  metadata | keep binary-twice
fi
if want binary-in-the-way; then
  new_app; lock; mkdir "$app/bin"; echo >"$app/bin/app"; deploy | keep binary-in-the-way
fi
if want binary-unknown; then new_app; lock; deploy --bin worker | keep binary-unknown; fi
if want profile-unknown; then
  new_app; lock
  (cd "$app" && "$real/cargo" install --path . --locked --root "$app" --no-track --profile fast 2>&1) \
    | keep profile-unknown
fi
if want path-dependency-outside; then
  new_app '[dependencies]\nother = { path = "../other" }'; generate | keep path-dependency-outside
fi
if want path-dependency-absent; then
  new_app '[dependencies]\nother = { path = "vendor/other" }'; mkdir -p "$app/vendor/other"
  generate | keep path-dependency-absent
fi
if want workspace-member-absent; then
  new_app '[workspace]\nmembers = ["worker"]'; metadata | keep workspace-member-absent
fi
if want workspace-not-member; then
  new_app '[workspace]\nmembers = []'; mkdir -p "$app/worker/src"; echo 'fn main() {}' >"$app/worker/src/main.rs"
  printf '[package]\nname = "worker"\nversion = "0.1.0"\nedition = "2021"\n' >"$app/worker/Cargo.toml"
  (cd "$app/worker" && "$real/cargo" metadata --no-deps --format-version 1 2>&1 >/dev/null) | keep workspace-not-member
fi
if want workspace-inheritance; then
  new_app 'license.workspace = true\n[workspace]'; metadata | keep workspace-inheritance
fi
if want workspace-root-absent; then new_app 'license.workspace = true'; metadata | keep workspace-root-absent; fi
if want links-twice; then
  new_app '[dependencies]\none = { path = "one" }\ntwo = { path = "two" }'
  for name in one two; do
    mkdir -p "$app/$name/src"; touch "$app/$name/src/lib.rs"; echo 'fn main() {}' >"$app/$name/build.rs"
    printf '[package]\nname = "%s"\nversion = "0.1.0"\nedition = "2021"\nlinks = "fancy"\n' $name >"$app/$name/Cargo.toml"
  done
  generate | keep links-twice
fi
if want configuration-syntax; then
  new_app; mkdir "$app/.cargo"; echo '[build' >"$app/.cargo/config.toml"; metadata | keep configuration-syntax
fi
if want unstable-flag; then new_app; lock; deploy -Z build-std | keep unstable-flag; fi
if want wrapper-missing; then new_app; lock; RUSTC_WRAPPER=sccache deploy | keep wrapper-missing; fi
if want rustflags-wrong; then new_app; lock; RUSTFLAGS=--nonsense deploy | keep rustflags-wrong; fi
if want edition-feature; then
  new_app '[profile.release]\ncodegen-backend = "fast"'; metadata | keep edition-feature
fi
if [ -n "${OLD_CARGO:-}" ] && want rustc-too-old-package; then
  new_app 'rust-version = "1.999"'; lock; sed -i 's/^version = 4/version = 3/' "$app/Cargo.lock"
  (cd "$app" && "$OLD_CARGO" install --path . --locked --root "$app" --no-track 2>&1) | keep rustc-too-old-package
fi
if want versions-conflict; then
  new_app '[dependencies]\ngreeting = "=1.0.0"\none = { path = "one" }'
  mkdir -p "$app/one/src"; touch "$app/one/src/lib.rs"
  printf '[package]\nname = "one"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\ngreeting = "=1.1.0"\n' \
    >"$app/one/Cargo.toml"
  generate | keep versions-conflict
fi
