extension BuildpackError {
  /// What the log says of the error.
  package var text: String { words.text }

  /// The words for every error there is.
  var words: ErrorWords {
    switch self {
    case .usage(let usage):
      ErrorWords(title: "Wrong arguments.", found: "", advice: [usage])
    case .noBuildDirectory(let path):
      ErrorWords(
        title: "There is no build directory.",
        found: "The first argument, \"\(path)\", is not a folder that can be read, or its name is not UTF-8 text.",
        advice: ["Call it as the platform does: bin/compile BUILD_DIR CACHE_DIR ENV_DIR"]
      )
    case .cacheUnusable(let error):
      ErrorWords(
        title: "The cache directory can't be used.",
        found: "The buildpack \(error).",
        advice: [
          "Check that the folder may be written to and that its disk has room left.",
          resetCache,
        ]
      )
    case .cacheBusy(let path, let seconds):
      ErrorWords(
        title: "Another deployment is using the build cache.",
        found: "The lock \"\(path)\" was still held after \(durationText(Double(seconds))).",
        advice: ["Wait until the other deployment has ended, then deploy again."]
      )
    case .linkInTheWay(let path, let what):
      ErrorWords(
        title: "The path that the buildpack works at is taken.",
        found: "\(path) must be free: cargo is to know the app by the same path on every deployment. There is \(what).",
        advice: ["Remove it.", anotherLink]
      )
    case .linkUnusable(let error):
      ErrorWords(
        title: "The path that the buildpack works at can't be used.",
        found: "The buildpack \(error).",
        advice: ["Let the build's user write there.", anotherLink]
      )
    case .unsupportedMachine(let machine):
      ErrorWords(
        title: "This machine is not supported.",
        found: "The buildpack is for Linux on x86_64; this is \(machine).",
        advice: ["Deploy on a stack that runs on x86_64."]
      )
    case .noManifest(let path):
      ErrorWords(
        title: "There is no Cargo.toml.",
        found: "Looked for \"\(path)\".",
        advice: [
          "Commit the app's Cargo.toml at the top level of the repository.",
          "If it is in a subfolder, set RUST_APP_DIR to that folder.",
        ]
      )
    case .toolchainFile(let name, let problem):
      ErrorWords(
        title: "The file \(name) can't be understood.",
        found: problem,
        advice: [
          """
          Write it as rustup's documentation has it, for example:
             [toolchain]
             channel = "1.95.0"
          """
        ]
      )
    case .toolchainPath(let file, let path):
      ErrorWords(
        title: "A toolchain from a path can't be used here.",
        found: "\(file) asks for the toolchain at \"\(path)\", which exists on a developer's machine only.",
        advice: ["Name a channel instead of a path in \(file), for example channel = \"stable\"."]
      )
    case .toolchainName(let name, let origin):
      ErrorWords(
        title: "This is not the name of a toolchain.",
        found: "Found \"\(name)\", from \(origin).",
        advice: ["Use a channel (\"stable\", \"beta\", \"nightly-2026-05-01\") or a version (\"1.95\", \"1.95.0\")."]
      )
    case .manifestRejected(let command, let ending, let hint):
      ErrorWords(
        title: "cargo can't read the app's manifests.",
        found: "\"\(command)\" \(ending); see its output above.",
        advice: ["Fix the manifest that cargo names, and commit it. \"cargo metadata\" checks it on your machine."]
      )
      .with(hint)
    case .lockFileRejected(let command, let ending, let hint):
      ErrorWords(
        title: "cargo can't find versions for all dependencies.",
        found: "The app has no Cargo.lock, and \"\(command)\" \(ending); see its output above.",
        advice: [
          "Run \"cargo generate-lockfile\" on your machine and commit Cargo.lock.",
          "If the message above is about the network, deploy again in a few minutes.",
        ]
      )
      .with(hint)
    case .dependenciesRejected(let command, let ending, let hint):
      ErrorWords(
        title: "cargo can't get the dependencies that Cargo.lock names.",
        found: "\"\(command)\" \(ending); see its output above.",
        advice: [
          "Run \"cargo check --locked\" on your machine: if it fails, fix what it names and commit Cargo.lock.",
          "If the message above is about the network, deploy again in a few minutes.",
        ]
      )
      .with(hint)
    case .noExecutables(let packages, let known, let leftOut):
      ErrorWords(
        title: "The app has no executable to install.",
        found: [
          packages.isEmpty
            ? "The workspace has no default members."
            : packages.count == 1
              ? "The package \(packages[0]) has no binary that is built."
              : "None of these packages has a binary that is built: \(packages.joined(separator: ", ")).",
          leftOut.isEmpty ? "" : "Left out, since a feature is off: \(leftOut.joined(separator: ", ")).",
          known.isEmpty
            ? "No package of the app has a binary." : "Packages with binaries: \(known.joined(separator: ", ")).",
        ].filter { !$0.isEmpty }.joined(separator: "\n"),
        advice: !leftOut.isEmpty
          ? ["Set RUST_INSTALL_FEATURES to the features that the binaries require."]
          : known.isEmpty
            ? ["Add a binary: a src/main.rs, a file in src/bin/, or a [[bin]] section."]
            : [
              "Name the packages to install in RUST_INSTALL_PACKAGES, or in default-members of the workspace.",
              "Add a binary: a src/main.rs, a file in src/bin/, or a [[bin]] section.",
            ]
      )
    case .featuresOff(let binary, let package, let features, let origin):
      ErrorWords(
        title: "The binary \(binary) can't be built without further features.",
        found: "It is named in \(origin), and the package \(package) builds it only with: "
          + "\(features.joined(separator: ", ")).",
        advice: [
          "Set RUST_INSTALL_FEATURES=\(features.joined(separator: ",")), or \"features\" in the manifest's settings.",
          "Do not name the binary in \(origin).",
        ]
      )
    case .pathOutside(let manifest, let dependency, let path):
      ErrorWords(
        title: "The dependency \(dependency) is not in what was deployed.",
        found: "\(manifest) leads to \"\(path)\", which lies outside the app: only the app's own folder is there "
          + "(with PROJECT_DIR, only the folder that it names).",
        advice: [
          "Deploy the folder that holds both: unset PROJECT_DIR, and set RUST_APP_DIR to the app's folder in it.",
          "Move \(dependency) into the app's folder.",
          "Depend on it by \"git\" instead of \"path\".",
        ]
      )
    case .workspaceOutside(let manifest):
      ErrorWords(
        title: "The workspace is not in what was deployed.",
        found: "\(manifest) takes values from a workspace (\"workspace = true\"), whose Cargo.toml lies outside the "
          + "app: only the app's own folder is there (with PROJECT_DIR, only the folder that it names).",
        advice: [
          "Deploy the workspace's top folder: unset PROJECT_DIR, and choose the package with RUST_INSTALL_PACKAGES.",
          "Write the values into \(manifest).",
        ]
      )
    case .rustTooOld(let package, let wanted, let by, let version, let origin):
      ErrorWords(
        title: "The package \(package) needs a newer Rust.",
        found: "It needs \(wanted) (by its \(by)); the toolchain is \(version), from \(origin).",
        advice: [
          origin == "the default"
            ? "Ask for a newer toolchain in rust-toolchain.toml." : "Ask for Rust \(wanted) or newer in \(origin).",
          "Lower the \(by) in the package's Cargo.toml.",
        ]
      )
    case .sameExecutable(let name, let packages):
      ErrorWords(
        title: "Two packages have a binary of the same name.",
        found: "\"\(name)\" is built by \(packages.joined(separator: " and by ")); one would overwrite the other.",
        advice: [
          "Rename one of them, with a [[bin]] section and its name.",
          "Install only one of the packages: name those you want in RUST_INSTALL_PACKAGES.",
        ]
      )
    case .scriptInTheWay(let name):
      ErrorWords(
        title: "The app has a file or folder where an executable must go.",
        found: "bin/\(name) is part of the app, and the binary \(name) would have to overwrite it.",
        advice: ["Rename or move bin/\(name).", "Rename the binary, with a [[bin]] section and its name."]
      )
    case .binElsewhere(let path):
      ErrorWords(
        title: "The app's bin is no folder of its own.",
        found: "The executables are installed there, and \"\(path)\" is a file, or a link that leads out of the app.",
        advice: ["Rename or remove bin, or make it a folder."]
      )
    case .toolInTheWay(let program, let tool, let other):
      ErrorWords(
        title: "The tool \(tool) has a program whose name is taken.",
        found: "It installs bin/\(program), and so does \(other).",
        advice: ["Rename the other one.", "Take \(tool) out of RUST_INSTALL_TOOLS."]
      )
    case .unknownName(let kind, let name, let setting, let origin, let known):
      ErrorWords(
        title: "There is no \(kind) \"\(name)\".",
        found: (origin == setting ? "\(setting) names it." : "The setting of \(setting) in \(origin) names it.")
          + " "
          + (known.isEmpty
            ? "There is none at all."
            : "There \(known.count == 1 ? "is" : "are"): "
              + "\(known.joined(separator: ", ")).")
          + (nearest(name == "debug" ? "dev" : name, among: known).map { " Did you mean \"\($0)\"?" } ?? ""),
        advice: ["Correct it in \(origin)."]
      )
    case .setting(let name, let origin, let problem, let known):
      ErrorWords(
        title: "The setting \(name) can't be used.",
        found: "\(problem) (from \(origin)).",
        advice: [known.isEmpty ? "Correct it in \(origin)." : "There are: \(known.joined(separator: ", "))."]
      )
    case .download(let url, let ending, let lastWords, let hint):
      ErrorWords(
        title: "The installer of Rust could not be downloaded.",
        found: "curl \(ending) for \(url)" + (lastWords.isEmpty ? "." : ":\n\(lastWords)"),
        advice: [retry, "If RUSTUP_UPDATE_ROOT is set, check that this mirror has the file."]
      )
      .with(hint)
    case .checksum(let url, let expected, let found):
      ErrorWords(
        title: "The installer of Rust is not the one this buildpack knows.",
        found: "\(url) has the SHA-256 sum\n  \(found), but\n  \(expected) is expected. It was not run.",
        advice: [retry, "If RUSTUP_UPDATE_ROOT is set, check that this mirror serves the file unchanged."]
      )
    case .installerFailed(let command, let ending, let hint):
      ErrorWords(
        title: "rustup could not be installed.",
        found: "\"\(command)\" \(ending); see its output above.",
        advice: [retry, resetCache]
      )
      .with(hint)
    case .toolchainFailed(let toolchain, let origin, let command, let ending, let hint):
      ErrorWords(
        title: "The toolchain \(toolchain) could not be installed.",
        found: "It was asked for by \(origin). \"\(command)\" \(ending); see its output above.",
        advice: [
          "If the message above says that there is no such toolchain or component, correct \(origin).",
          retry,
        ]
      )
      .with(hint)
    case .toolchainBroken(let toolchain, let command, let ending):
      ErrorWords(
        title: "The toolchain \(toolchain) does not work.",
        found: "\"\(command)\" \(ending), even after a new installation.",
        advice: [resetCache]
      )
    case .buildFailed(let package, let command, let ending, let hint, let circumstances):
      ErrorWords(
        title: "The package \(package) could not be built.",
        found: "\"\(command)\" \(ending); see its output above.",
        advice: ["Fix what cargo names above."] + (circumstances.map { [$0.text] } ?? [])
      )
      .with(hint)
    case .toolFailed(let tool, let origin, let command, let ending, let hint):
      ErrorWords(
        title: "The tool \(tool) could not be installed.",
        found: "It was asked for by \(origin). \"\(command)\" \(ending); see its output above.",
        advice: [
          "Try the same on your machine; another version or other features of the tool may build.",
          "If the message above is about the network, deploy again in a few minutes.",
        ]
      )
      .with(hint)
    case .hookFailed(let hook, let ending, let hint):
      ErrorWords(
        title: "The app's own script \(hook) failed.",
        found: "It \(ending); see its output above.",
        advice: ["Fix what the script names above. To try it on your machine, run \"\(hook)\" at the top of the app."]
      )
      .with(hint)
    case .programMissing(let error):
      ErrorWords(
        title: "A program the buildpack needs could not be run.",
        found: "It \(error).",
        advice: [
          error.errno == .tooManyWords
            ? smallerVariables : error.errno == .noSuchFile ? "Install it, or name its folder in PATH." : ourFault
        ]
      )
    case .file(let error):
      ErrorWords(
        title: "A file operation failed.",
        found: "The buildpack \(error).",
        advice: error.errno == .noSpace || error.errno == .quotaExceeded
          ? ["The disk is full: make the app or its dependencies smaller.", resetCache] : [ourFault]
      )
    case .unexpected(let what):
      ErrorWords(title: "Something happened that the buildpack did not expect.", found: what, advice: [ourFault])
    }
  }
}
