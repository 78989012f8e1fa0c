/// What cargo's messages of one deployment say: the set of files a build used, fresh ones included, and what was made.
///
/// Source: "cargo install --message-format json-render-diagnostics", messages `compiler-artifact` and
/// `build-script-executed`.
package struct CargoMessages: Sendable {
  /// An executable that cargo built for the package that was asked for.
  package struct Executable: Sendable {
    package let name: String
    package let path: FilePath
  }

  /// Every file named by an artefact, and every output folder of a build script.
  package private(set) var files: Set<FilePath> = []
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
    case "build-script-executed":
      if let folder = message["out_dir"]?.string { files.insert(FilePath(folder)) }
    default: break
    }
  }

  private mutating func addArtifact(_ message: JSON) {
    guard let id = message["package_id"]?.string else { return }
    used.insert(id)
    // What was compiled for one package is fresh for the next one that shares it.
    if message["fresh"]?.bool == false { compiled.insert(id) }
    for file in message["filenames"]?.array ?? [] {
      if let path = file.string { files.insert(FilePath(path)) }
    }
    guard let path = message["executable"]?.string, message["target"]?["kind"]?.array?.contains("bin") == true else {
      return
    }
    files.insert(FilePath(path))
    let executable = Executable(name: FilePath(path).lastComponent, path: FilePath(path))
    executables[id, default: []].append(executable)
  }
}
