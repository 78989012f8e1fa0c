// What cargo says of the app's own files: manifests, lock file, configuration, workspace.

private let newerCargo =
  "If cargo on your machine takes it: yours may be newer. Name its version in rust-toolchain.toml."

extension HintRow {
  static let lockFile: [HintRow] = [
    HintRow(
      id: "lock-file-outdated",
      any: [
        "because --locked was passed", "needs to be updated but --locked was passed",
        "the lock file needs to be updated", "because `--locked` was passed",
      ],
      cause: "Cargo.lock does not fit the manifests: a Cargo.toml was changed without it, or it was not committed.",
      advice: [
        "Run \"cargo check\" on your machine, which brings Cargo.lock up to date, and commit Cargo.lock.",
        "In a workspace, commit the Cargo.lock at its root; one in a member's folder is not read.",
      ]
    ),
    HintRow(
      id: "lock-file-too-new",
      any: [
        "lock file version `{version}` was found, but this version of Cargo", "lock file version {version} requires",
      ],
      cause: "Cargo.lock was written by a newer cargo than the one used here; version 4 needs Rust 1.78 at least.",
      advice: [
        "Use a newer Rust: set the channel in rust-toolchain.toml to the version you use yourself, or to \"stable\".",
        "Or write the lock file with the old cargo: \"cargo +1.77 generate-lockfile\", with the version used here.",
      ]
    ),
    HintRow(
      id: "lock-file-unreadable",
      any: ["failed to parse lock file at: {path}"],
      cause: "Cargo.lock is damaged; often it holds the marks of a merge conflict (\"<<<<<<<\").",
      advice: [
        "Take one side whole, \"git checkout --theirs Cargo.lock\" (or your last good one), run \"cargo check\" and "
          + "commit it.",
        "If that fails, delete it, run \"cargo generate-lockfile\" and commit: this brings newer dependencies.",
      ]
    ),
    HintRow(
      id: "checksum-changed",
      any: [
        "checksum for `{package}` changed between lock files", "failed to verify the checksum of `{package}`",
        "checksum for `{package}` could not be calculated, but a checksum is listed",
        "checksum for `{package}` was not previously calculated",
      ],
      cause: "What the registry has for {package} is not what Cargo.lock was made with. A published version never "
        + "changes: either Cargo.lock was edited or made against a mirror, or the download was damaged.",
      advice: [
        "Deploy again: a damaged download is fetched again.",
        "Remove the package's lines from Cargo.lock, run \"cargo check\" without any mirror in .cargo/config.toml, look "
          + "at the change, and commit it.",
      ]
    ),
  ]

  static let manifests: [HintRow] = [
    HintRow(
      id: "edition-unknown",
      any: ["this version of Cargo is older than the `{edition}` edition"],
      cause:
        "A Cargo.toml asks for the edition {edition}, which this Rust does not know; edition 2024 needs 1.85 at least.",
      advice: [
        "Use a newer Rust: set the channel in rust-toolchain.toml to the version you use yourself, or to \"stable\".",
        "If it is a dependency's manifest, choose an older version of it: \"cargo update PACKAGE --precise VERSION\".",
      ]
    ),
    HintRow(
      id: "edition-feature",
      any: ["feature `{feature}` is required"],
      cause:
        "A Cargo.toml uses \"{feature}\", which this cargo does not have yet; \"edition2024\" needs Rust 1.85 at least.",
      advice: [
        "Use a newer Rust: set the channel in rust-toolchain.toml to the version you use yourself, or to \"stable\".",
        "If it is a dependency's manifest, choose an older version of it: \"cargo update PACKAGE --precise VERSION\".",
      ]
    ),
    HintRow(
      id: "binary-twice",
      any: ["found duplicate binary name {name}, but all binary targets must have a unique name"],
      cause: "Two [[bin]] sections, or one and a file in src/bin/, are called \"{name}\".",
      advice: ["Give one of them another name in Cargo.toml, or remove it."]
    ),
    HintRow(
      id: "binary-file-missing",
      any: ["can't find `{name}` {kind} at", "couldn't find `{name}` {kind} at", "can't find {kind} `{name}` at"],
      cause: "Cargo.toml names the {kind} \"{name}\", and its source file is not in the deployment.",
      advice: [
        "Commit the file, and see that it does not stand in .gitignore or .slugignore.",
        "If it lies elsewhere, say where: path = \"…\" in the section that names it.",
      ]
    ),
    HintRow(
      id: "no-target",
      any: ["no targets specified in the manifest"],
      cause: "There is a Cargo.toml without sources: neither src/main.rs nor src/lib.rs is in the deployment.",
      advice: [
        "Commit the folder src, and see that it does not stand in .gitignore or .slugignore.",
        "If the app lies in a subfolder, set RUST_APP_DIR to it.",
      ]
    ),
    HintRow(
      id: "workspace-member-missing",
      any: ["failed to load manifest for workspace member `{path}`"],
      all: ["No such file or directory"],
      cause: "The workspace names the member {path}, which is not in the deployment.",
      advice: [
        "Commit that folder with its Cargo.toml; a git submodule is not fetched, so its files must be part of the "
          + "repository.",
        "If it is no longer needed, remove it from members in the root's Cargo.toml and run \"cargo check\".",
        "If PROJECT_DIR is set, only that folder is deployed: unset it, and set RUST_APP_DIR to the app's folder.",
      ]
    ),
    HintRow(
      id: "workspace-not-member",
      any: ["current package believes it's in a workspace when it's not"],
      cause: "A package lies inside a workspace's folder, and the workspace does not list it.",
      advice: [
        "Add it to members in the root's Cargo.toml, run \"cargo check\" there and commit.",
        "Or keep it apart: add it to exclude in the root, or an empty [workspace] to its own Cargo.toml.",
      ]
    ),
    HintRow(
      id: "workspace-root-missing",
      any: ["failed to find a workspace root"],
      cause:
        "A Cargo.toml takes something from its workspace (\"….workspace = true\"), and the workspace's root is not in "
        + "the deployment.",
      advice: [
        "Deploy the whole workspace: remove PROJECT_DIR, and choose the packages with RUST_INSTALL_PACKAGES.",
        "Or write the values into this Cargo.toml.",
      ]
    ),
    HintRow(
      id: "workspace-inheritance",
      any: ["error inheriting `{key}` from workspace root manifest"],
      cause: "A Cargo.toml takes \"{key}\" from its workspace, and the root's Cargo.toml does not define it.",
      advice: ["Define it in the root, in [workspace.package] or [workspace.dependencies], or write the value itself."]
    ),
    HintRow(
      id: "path-dependency-absent",
      any: ["failed to read `{app}/{path}Cargo.toml`"],
      all: ["No such file or directory"],
      cause:
        "A path dependency points into the app's own folder, at {path}, and there is no Cargo.toml. Mostly the folder "
        + "is a git submodule, which is not fetched, or it was not committed.",
      advice: [
        "If it is a submodule (see .gitmodules): depend on it by git = \"…\" instead of path, or make its files part of "
          + "the repository.",
        "Else commit the folder, and see that it does not stand in .gitignore or .slugignore.",
      ]
    ),
    HintRow(
      id: "path-dependency-outside",
      any: ["failed to read `{path}/Cargo.toml`"],
      all: ["No such file or directory"],
      cause: "A path dependency points outside the app's folder, and only that folder is deployed.",
      advice: [
        "Move the crate into the app's repository, or make the folder above both a workspace and deploy that.",
        "Or depend on it by git = \"…\", or by a version from a registry.",
        "If PROJECT_DIR is set, only that folder is deployed: unset it, and set RUST_APP_DIR to the app's folder.",
      ]
    ),
    HintRow(
      id: "manifest-rejected",
      any: ["failed to parse manifest at `{path}`", "\n --> Cargo.toml:{place}", "/Cargo.toml:{place}\n"],
      cause: "cargo can't read a Cargo.toml; see file, line and reason above.",
      advice: ["Fix that line, and commit it.", newerCargo]
    ),
  ]

  static let configuration: [HintRow] = [
    HintRow(
      id: "configuration-unreadable",
      any: ["could not parse TOML configuration in `{path}`", "could not load Cargo configuration"],
      cause: "cargo can't read its configuration, the app's .cargo/config.toml; see line and reason above.",
      advice: ["Fix that line, and commit it.", newerCargo]
    ),
    HintRow(
      id: "compiler-wrapper",
      any: ["could not execute process `{command}` (never executed)"],
      all: ["No such file or directory"],
      cause: "cargo was told to run a program that is not there: \"{command}\".",
      advice: [
        "Remove the variables RUSTC_WRAPPER, RUSTC_WORKSPACE_WRAPPER and RUSTC, or the lines rustc-wrapper and rustc of "
          + ".cargo/config.toml.",
        "If it is git: unset CARGO_NET_GIT_FETCH_WITH_CLI.",
      ]
    ),
    HintRow(
      id: "compiler-flags",
      any: ["failed to run `rustc` to learn about target-specific information"],
      cause: "rustc does not accept a flag that it was given; see its output above, of which the last lines count.",
      advice: [
        "Look at the variables RUSTFLAGS and CARGO_ENCODED_RUSTFLAGS, and at rustflags and target in .cargo/config.toml.",
        "A flag that begins with -Z works with nightly Rust only.",
      ]
    ),
    HintRow(
      id: "feature-unknown",
      any: [
        "the package '{package}' does not contain this feature: {feature}",
        "package `{package}` does not contain this feature: {feature}",
        "does not contain these features: {feature}",
      ],
      cause: "The build asks for the feature \"{feature}\", which the package does not have.",
      advice: [
        "Correct the name in RUST_INSTALL_FEATURES (or wherever the features are set), or add it to [features] in "
          + "Cargo.toml."
      ]
    ),
    HintRow(
      id: "profile-unknown",
      any: ["profile `{name}` is not defined"],
      cause: "The build asks for the profile \"{name}\", which no Cargo.toml defines.",
      advice: [
        "Correct the profile's name in the settings.",
        "Or define it: [profile.{name}] with inherits = \"release\", in the workspace root's Cargo.toml.",
      ]
    ),
    HintRow(
      id: "binary-unknown",
      any: ["no bin target named `{name}`"],
      cause: "The build asks for the binary \"{name}\", which the package does not have; see above which it has.",
      advice: ["Correct the binary's name in the settings, or add it to Cargo.toml."]
    ),
    HintRow(
      id: "binary-in-the-way",
      any: ["binary `{name}` already exists in destination"],
      cause: "The app has a file bin/{name}, and cargo would have to overwrite it with the binary of the same name.",
      advice: ["Remove the file from the repository (a binary that was committed?), or rename it or the binary."]
    ),
  ]
}
