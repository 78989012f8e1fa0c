// What cargo says of dependencies and versions, and rustup of toolchains.

private let refreshLock = "Then run \"cargo check\" and commit Cargo.toml and Cargo.lock."

extension HintRow {
  static let dependencies: [HintRow] = [
    HintRow(
      id: "rustc-too-old",
      any: ["rustc {version} is not supported by the following package"],
      cause: "The app or a dependency needs a newer Rust than {version}, which is used here; see the packages above.",
      advice: [
        "Use a newer Rust: set the channel in rust-toolchain.toml to the version you use yourself, or to \"stable\".",
        "Or take an older version of the dependency: \"cargo update PACKAGE --precise VERSION\", and commit Cargo.lock.",
      ]
    ),
    HintRow(
      id: "rustc-too-old-package",
      any: [
        "it requires rustc {needed}, while the currently active rustc version is {version}",
        "cannot be built because it requires rustc {needed} or newer",
      ],
      cause: "A package needs Rust {needed}, and an older one is used here.",
      advice: [
        "Use a newer Rust: set the channel in rust-toolchain.toml to the version you use yourself, or to \"stable\".",
        "Or take an older version of the dependency: \"cargo update PACKAGE --precise VERSION\", and commit Cargo.lock.",
      ]
    ),
    HintRow(
      id: "package-unknown",
      any: ["no matching package named `{name}` found", "no matching package found\nsearched package name: `{name}`"],
      stage: .fetching,
      cause: "There is no package \"{name}\" where cargo looked for it, see \"location searched\" above.",
      advice: [
        "Check how its name is written in Cargo.toml. \(refreshLock)",
        "If it comes from a private registry, name that: registry = \"…\"; from git: look for its name in that repository.",
        "If .cargo/config.toml replaces crates.io, see that the mirror or the folder of vendored crates has it.",
      ]
    ),
    HintRow(
      id: "version-yanked",
      any: ["for the requirement `{requirement}`"],
      all: [" is yanked"],
      stage: .fetching,
      cause: "All versions that fit `{requirement}` have been yanked: their author withdrew them.",
      advice: [
        "Choose another version in Cargo.toml. \(refreshLock)",
        "If it builds on your machine, commit the Cargo.lock from there: a yanked version stays available to a lock file.",
      ]
    ),
    HintRow(
      id: "version-unknown",
      any: ["failed to select a version for the requirement `{requirement}`"],
      stage: .fetching,
      cause: "No version fits `{requirement}`; see above which there are.",
      advice: [
        "Correct the version in Cargo.toml. \(refreshLock)",
        "If .cargo/config.toml replaces crates.io, the mirror or the folder of vendored crates may be behind: run \"cargo "
          + "vendor\" again.",
      ]
    ),
    HintRow(
      id: "dependency-feature-unknown",
      any: [
        "depends on `{dependency}` with feature `{feature}` but `{same}` does not have that feature",
        "depends on `{dependency}`, with features: `{feature}` but `{same}` does not have these features",
      ],
      stage: .fetching,
      cause: "Cargo.toml asks {dependency} for the feature \"{feature}\", which the chosen version does not have.",
      advice: [
        "Look the feature up in the documentation of that version: it may have been renamed or dropped. \(refreshLock)"
      ]
    ),
    HintRow(
      id: "links-twice",
      any: ["Only one package in the dependency graph may specify the same links value"],
      stage: .fetching,
      cause: "Two versions of a crate that wraps a system library are asked for, and only one can be linked.",
      advice: [
        "See who asks for which with \"cargo tree --invert PACKAGE\", and bring both to the same version. \(refreshLock)"
      ]
    ),
    HintRow(
      id: "versions-conflict",
      any: ["failed to select a version for `{name}`"],
      stage: .fetching,
      cause: "The requirements for {name} contradict each other; see above who asks for what.",
      advice: [
        "Bring the versions in Cargo.toml together, or update the dependency that asks for the old one. \(refreshLock)"
      ]
    ),
  ]

  static let rustup: [HintRow] = [
    HintRow(
      id: "release-refused",
      any: ["no release found for 'stable'", "no release found for 'beta'", "no release found for 'nightly'"],
      cause: "The server did not hand out a release that surely exists: it, or something between, refused the request.",
      advice: [
        "Deploy again in a few minutes.",
        "If RUSTUP_DIST_SERVER is set, check that this mirror has the channel.",
      ]
    ),
    HintRow(
      id: "toolchain-unknown",
      any: [
        "could not download nonexistent rust version `{name}`", "no release found for '{name}'",
        "invalid toolchain name: '{name}'", "toolchain '{name}' is not installable",
      ],
      unless: ["checksum failed for"],
      cause: "There is no release of Rust called \"{name}\".",
      advice: [
        "Correct the channel in rust-toolchain.toml: \"stable\", a version (\"1.95.0\") or a dated nightly "
          + "(\"nightly-2026-05-01\"). On some days there is no nightly.",
        "If RUSTUP_DIST_SERVER is set, check that this mirror has it.",
      ]
    ),
    HintRow(
      id: "target-unknown",
      any: ["component 'rust-std' for target '{target}' is unavailable"],
      cause:
        "This toolchain has no standard library for the target {target}: its name is wrong, or Rust does not ship it.",
      advice: [
        "Correct targets in rust-toolchain.toml; \"rustup target list\" shows them all.",
        "On nightly, choose another day: a target can be missing for some days.",
      ]
    ),
    HintRow(
      id: "component-unknown",
      any: [
        "component '{component}' for target '{target}' is unavailable", "does not contain component '{component}'",
        "component '{component}' is unavailable", "the following packages required by",
      ],
      cause: "This toolchain does not have one of the components that were asked for.",
      advice: [
        "Correct components in rust-toolchain.toml, or remove them: a build needs none besides the minimal profile.",
        "On nightly, choose another day: a component can be missing for some days.",
      ]
    ),
    HintRow(
      id: "toolchain-checksum",
      any: ["checksum failed for"],
      cause:
        "What was downloaded is not what the server announced, and was not used: a release was being published, or a "
        + "mirror or proxy delivers something else.",
      advice: [
        "Deploy again in a few minutes.",
        "If RUSTUP_DIST_SERVER is set, check that this mirror is complete.",
      ]
    ),
  ]
}
