# What cargo, rustup, curl and git say about networks. Sourced by record.

from() { # NAME REGISTRY
  want "$1" || return 0
  new_app '[dependencies]\ngreeting = "1"'; use_registry "$2"
  (cd "$app" && "$real/cargo" generate-lockfile 2>&1) | keep "$1"
}
from cargo-dns "sparse+https://index.invalid/"
from cargo-refused "sparse+http://$closed/"
from cargo-tls "sparse+https://$https/index/"
from cargo-timeout "sparse+http://$http/hang/"
from cargo-reset "sparse+http://$http/reset/"
for status in 401 403 404 429 503; do from cargo-$status "sparse+http://$http/status/$status/"; done
private_registry() { # NAME: a registry that wants a token, whatever it is given
  want "$1" || return 0
  new_app '[dependencies]\ngreeting = { version = "1", registry = "my-house" }'; rm -rf "$CARGO_HOME/registry"
  printf '[registries.my-house]\nindex = "sparse+http://%s/status/401/"\n' "$http" >"$work/.cargo/config.toml"
  (cd "$app" && "$real/cargo" generate-lockfile 2>&1) | keep "$1"
}
export CARGO_REGISTRY_GLOBAL_CREDENTIAL_PROVIDERS=cargo:token
private_registry registry-token-missing
CARGO_REGISTRIES_MY_HOUSE_TOKEN=wrong private_registry registry-token-rejected
unset CARGO_REGISTRY_GLOBAL_CREDENTIAL_PROVIDERS
CARGO_HTTP_PROXY=http://$closed from cargo-proxy-refused "sparse+https://index.invalid/"
CARGO_HTTP_PROXY=http://$http from cargo-proxy-answer "sparse+https://index.invalid/"
crate_answer() { # NAME STATUS
  want "$1" || return 0
  new_app '[dependencies]\ngreeting = "1"'; lock; rm -rf "$CARGO_HOME/registry"
  sed -i "s#/crates/#/status/$2/#" "$served/index/config.json"; deploy | keep "$1"
  sed -i "s#/status/$2/#/crates/#" "$served/index/config.json"; rm -rf "$CARGO_HOME/registry"
}
crate_answer crate-403 403
crate_answer crate-404 404
crate_answer crate-500 500

dependency() { # NAME MANIFEST
  want "$1" || return 0
  new_app "[dependencies]\n$2"; (cd "$app" && "$real/cargo" generate-lockfile 2>&1) | keep "$1"
}
dependency git-authentication "other = { git = \"http://$http/status/401/other.git\" }"
CARGO_NET_GIT_FETCH_WITH_CLI=true dependency git-authentication-cli "other = { git = \"http://$http/status/401/other.git\" }"
dependency git-not-found "other = { git = \"http://$http/status/404/other.git\" }"
CARGO_NET_GIT_FETCH_WITH_CLI=true dependency git-not-found-cli "other = { git = \"http://$http/status/404/other.git\" }"
dependency git-dns "other = { git = \"https://git.invalid/other.git\" }"
repository=$work/served/other.git
mkdir -p "$work/other/src"; touch "$work/other/src/lib.rs"
printf '[package]\nname = "other"\nversion = "1.0.0"\nedition = "2021"\n' >"$work/other/Cargo.toml"
export GIT_CONFIG_GLOBAL=$work/gitconfig
git config --global user.name Recorder; git config --global user.email recorder@example.com
git config --global init.defaultBranch main
git -C "$work/other" init -q; git -C "$work/other" add .; git -C "$work/other" commit -qm other
dependency git-branch "other = { git = \"file://$work/other\", branch = \"release\" }"
dependency git-tag "other = { git = \"file://$work/other\", tag = \"v9\" }"
dependency git-revision "other = { git = \"file://$work/other\", rev = \"0123456789012345678901234567890123456789\" }"
dependency git-package "another = { git = \"file://$work/other\" }"
cp -r "$work/other" "$work/nested"
printf '[submodule "sub"]\n\tpath = sub\n\turl = http://%s/status/404/sub.git\n' "$http" >"$work/nested/.gitmodules"
git -C "$work/nested" update-index --add --cacheinfo 160000,0123456789012345678901234567890123456789,sub
git -C "$work/nested" add .gitmodules; git -C "$work/nested" commit -qm nested
dependency git-submodule "other = { git = \"file://$work/nested\" }"
if [ -n "${SSHD:-}" ]; then
  # An ssh server on loopback that nobody may log in to: Debian's package openssh-server, unpacked.
  key_folder=$(mktemp -d)
  ssh-keygen -q -t ed25519 -N '' -f "$key_folder/host-key"
  ssh_port=$((20000 + RANDOM % 20000)); as_nobody=()
  if [ "$(id -u)" = 0 ]; then
    # Root's sshd would ask for a user of its own.
    chown -R nobody "$key_folder"; as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
  fi
  "${as_nobody[@]}" "$SSHD" -D -p $ssh_port -o ListenAddress=127.0.0.1 -h "$key_folder/host-key" -o PidFile=none \
    -f /dev/null 2>"$work/sshd.log" &
  pids+=($!); sleep 1
  url=ssh://git@127.0.0.1:$ssh_port/other.git
  dependency git-host-key "other = { git = \"$url\" }"
  printf '#!/bin/sh\nexec ssh -o BatchMode=yes -o UserKnownHostsFile=%s "$@"\n' "$work/known" >"$work/ssh"
  chmod +x "$work/ssh"; export GIT_SSH=$work/ssh CARGO_NET_GIT_FETCH_WITH_CLI=true
  dependency git-host-key-cli "other = { git = \"$url\" }"
  ssh-keyscan -p $ssh_port 127.0.0.1 >"$work/known" 2>/dev/null
  dependency git-permission-cli "other = { git = \"$url\" }"
  unset GIT_SSH CARGO_NET_GIT_FETCH_WITH_CLI
  mkdir -p "$HOME/.ssh"; cp "$work/known" "$HOME/.ssh/known_hosts"
  dependency git-permission "other = { git = \"$url\" }"
  rm -rf "$key_folder"
fi

rustup_program=$(PATH=$PATH:$machine_rustup/../.cargo/bin:/usr/local/cargo/bin command -v rustup)
rustup_says() { # NAME SERVER ARGUMENTS …
  want "$1" || return 0
  local name=$1 server=$2; shift 2
  (cd "$work" && RUSTUP_HOME=$work/rustup RUSTUP_DOWNLOAD_TIMEOUT=3 RUSTUP_DIST_SERVER=$server "$rustup_program" \
    toolchain install "$@" --profile minimal --no-self-update 2>&1 >/dev/null) | keep "$name"
  rm -rf "$work/rustup"
}
if [ -n "${RUSTUP_DIST_SERVER:-}" ]; then
  rustup_says toolchain-unknown "$RUSTUP_DIST_SERVER" 1.999.0
  rustup_says nightly-unknown "$RUSTUP_DIST_SERVER" nightly-2015-01-01
  rustup_says toolchain-name "$RUSTUP_DIST_SERVER" stabel
  rustup_says component-unknown "$RUSTUP_DIST_SERVER" stable --component rust-nonsense
  rustup_says target-unknown "$RUSTUP_DIST_SERVER" stable --target x86_64-unknown-nonsense
else
  echo "toolchain-unknown and others: skipped, run it with local-deploy stand-ins"
fi
rustup_says rustup-dns https://static.invalid stable
rustup_says rustup-refused "http://$closed" stable
rustup_says rustup-tls "https://$https" stable
rustup_says rustup-hang "http://$http/hang" stable
for status in 403 429 503; do rustup_says rustup-$status "http://$http/status/$status" stable; done
mkdir -p "$served/wrong/dist"; echo 'manifest-version = "2"' >"$served/wrong/dist/channel-rust-stable.toml"
printf '0%.0s' {1..64} >"$served/wrong/dist/channel-rust-stable.toml.sha256"
rustup_says rustup-checksum "http://$http/wrong" stable

curl_says() { # NAME URL
  want "$1" || return 0
  curl -q --fail --location --silent --show-error --connect-timeout 3 --speed-limit 1024 --speed-time 3 --max-time 5 \
    --output /dev/null -- "$2" 2>&1 | keep "$1"
}
curl_says curl-dns https://static.invalid/rustup-init
curl_says curl-refused "http://$closed/rustup-init"
curl_says curl-tls "https://$https/rustup-init"
curl_says curl-hang "http://$http/hang/rustup-init"
curl_says curl-reset "http://$http/reset/rustup-init"
for status in 403 404 429 503; do curl_says curl-$status "http://$http/status/$status/rustup-init"; done
https_proxy=http://$closed curl_says curl-proxy https://static.invalid/rustup-init
