/// What cargo's messages of one deployment say: which units a build used, fresh ones included, and what was made.
///
/// Source: cargo's `--message-format json-render-diagnostics`, messages `compiler-artifact` and
/// `build-script-executed`.
package struct CargoMessages: Sendable {
  /// An executable that cargo built for the package that was asked for.
  package struct Executable: Sendable {
    package let name: String
    package let path: FilePath
  }

  /// One unit that cargo used: a crate that it compiled, or a build script that it ran.
  struct Unit: Sendable {
    let packageID: String
    /// The crate's root, such as `src/lib.rs`; nil for a build script's run.
    let root: FilePath?
    /// Files that it made, or the folder that a build script wrote to.
    let files: [FilePath]
    /// Whether it is a build script's run.
    let isRun: Bool
    let isMacro: Bool
    /// The crate's name.
    let name: String

    /// Whether its package stands below `folder`, and is not a vendored crate there.
    func isOwn(below folder: FilePath) -> Bool {
      PackageIdentifier(packageID)?.folder?.isInside(folder) == true
    }
  }

  private(set) var units: [Unit] = []
  /// Identifiers of the packages of which something was compiled.
  package private(set) var compiled: Set<String> = []
  /// Identifiers of the packages that were used.
  package private(set) var used: Set<String> = []
  /// Executables by the identifier of their package.
  package private(set) var executables: [String: [Executable]] = [:]
  /// Lines on cargo's stdout that are no messages.
  package private(set) var strayLines: [[UInt8]] = []

  package init() {}

  /// Takes one line of cargo's stdout.
  package mutating func add(_ line: ArraySlice<UInt8>) {
    guard line.first == UInt8(ascii: "{"), let message = try? JSON.parse(line) else {
      if !line.isEmpty, strayLines.count < 1_000 { strayLines.append(Array(line)) }
      return
    }
    switch message["reason"]?.string {
    case "compiler-artifact": addArtifact(message)
    case "build-script-executed": addRun(message)
    default: break
    }
  }

  private mutating func addRun(_ message: JSON) {
    guard let id = message["package_id"]?.string, let folder = message["out_dir"]?.string else { return }
    units.append(Unit(packageID: id, root: nil, files: [FilePath(folder)], isRun: true, isMacro: false, name: ""))
  }

  private mutating func addArtifact(_ message: JSON) {
    guard let id = message["package_id"]?.string else { return }
    used.insert(id)
    if message["fresh"]?.bool == false { compiled.insert(id) }
    let kinds = (message["target"]?["kind"]?.array ?? []).compactMap { $0.string }
    var files = (message["filenames"]?.array ?? []).compactMap { $0.string.map { FilePath($0) } }
    let executable = message["executable"]?.string.map { FilePath($0) }
    if let executable, !files.contains(executable) { files.append(executable) }
    units.append(
      Unit(
        packageID: id,
        root: message["target"]?["src_path"]?.string.map { FilePath($0) },
        files: files,
        isRun: false,
        isMacro: kinds.contains("proc-macro"),
        name: message["target"]?["name"]?.string ?? ""
      )
    )
    guard let executable, kinds.contains("bin") else { return }
    executables[id, default: []].append(Executable(name: executable.lastComponent, path: executable))
  }
}
