/// What a build has here and may have otherwise on a developer's machine: facts for the words of a failure.
package struct BuildCircumstances: Sendable, Equatable {
  /// Rust's version: "1.95.0".
  package let rust: String
  /// Where the toolchain was named: "rust-toolchain.toml", "the default".
  package let origin: String
  /// Whether the app has a lock file of its own.
  package let hasLockFile: Bool
  package let stack: String?
  /// Whether the app's folder is a git repository.
  package let hasGit: Bool

  package init(rust: String, origin: String, hasLockFile: Bool, stack: String?, hasGit: Bool) {
    self.rust = rust
    self.origin = origin
    self.hasLockFile = hasLockFile
    self.stack = stack
    self.hasGit = hasGit
  }

  /// What to compare if the same succeeds elsewhere.
  var text: String {
    let facts = [
      "Rust \(rust) (from \(origin))",
      hasLockFile ? "the versions in Cargo.lock" : "no Cargo.lock, so the newest versions of dependencies",
      stack.map { "the stack \($0)" },
      hasGit ? nil : "no .git folder",
    ].compactMap { $0 }
    return wrapped(
      "If the same command succeeds on your machine, compare what it has there. Here it has: "
        + "\(facts.joined(separator: "; ")).",
      indent: 3
    )
  }
}

extension BuildpackError {
  /// The same error, with the circumstances where they help to understand it.
  package func adding(_ circumstances: BuildCircumstances) -> BuildpackError {
    guard case .buildFailed(let package, let command, let ending, let hint, _) = self else { return self }
    return .buildFailed(package: package, command: command, ending: ending, hint: hint, circumstances: circumstances)
  }
}
