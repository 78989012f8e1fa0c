/// Builds the environment for the build from the platform's two sources.
package enum AppVariables {
  /// Names that are never taken from the env directory: they steer programs of the build machine, not the app.
  /// Source: the list of Scalingo's own buildpacks.
  package static let denied: Set<String> = [
    "PATH", "GIT_DIR", "CPATH", "CPPATH", "LD_PRELOAD", "LIBRARY_PATH", "LD_LIBRARY_PATH", "JAVA_OPTS",
    "JAVA_TOOL_OPTIONS", "BUILDPACK_URL", "BUILD_DIR",
  ]

  /// A value longer than this can't have come from the platform (its limit is 32,768 characters), and Linux would
  /// refuse to start a program with it.
  static let longestValue = 131_000

  /// What came of reading the env directory.
  package struct Result: Sendable {
    package var environment: Environment
    /// Names of files that could not become variables, with the reason.
    package var skipped: [(name: String, reason: String)] = []
  }

  /// The process's variables without `GIT_DIR`, and over them those of `directory`: one file a variable, its content
  /// the value, trailing newlines dropped as the shell idiom `$(cat file)` does. A missing directory is an empty one.
  package static func merge(_ process: Environment, with directory: FilePath?) -> Result {
    var result = Result(environment: process)
    result.environment["GIT_DIR"] = nil
    guard let directory, directory.exists else { return result }
    guard let names = try? directory.names() else {
      result.skipped.append((directory.description, "the directory can't be listed"))
      return result
    }
    for bytes in names {
      guard let name = String(validating: bytes, as: UTF8.self), isVariableName(name) else {
        result.skipped.append((printable(bytes), "not a variable's name"))
        continue
      }
      if denied.contains(name) { continue }
      let file = directory.appending(bytes: bytes)
      // A folder or FIFO is no variable; waiting for a FIFO's writer would hang the deployment.
      guard file.isFile else {
        result.skipped.append((name, "not a regular file"))
        continue
      }
      guard var value = try? file.contents(limit: longestValue) else {
        result.skipped.append((name, "can't be read, or is longer than a variable may be"))
        continue
      }
      while value.last == UInt8(ascii: "\n") { value.removeLast() }
      if !result.environment.set(name, value) { result.skipped.append((name, "holds a NUL byte")) }
    }
    return result
  }

  /// `[A-Za-z_][A-Za-z0-9_]*`: what a shell would export.
  static func isVariableName(_ name: String) -> Bool {
    guard let first = name.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else { return false }
    return name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
  }

  /// A file name for the log: what could break a line or steer a terminal becomes "?".
  private static func printable(_ bytes: [UInt8]) -> String {
    String(decoding: bytes.prefix(80).map { $0 < 0x20 || $0 == 0x7F ? UInt8(ascii: "?") : $0 }, as: UTF8.self)
  }
}
