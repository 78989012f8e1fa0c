/// Finds what a build script made with the real path of the build directory, which is another one on the next deployment.
///
/// cargo and rustc know the app by a constant path. A build script that asks for its current directory, or makes a path
/// canonical, gets the real one. What it printed or wrote with it, and a build script's own program that holds it, are
/// not kept, so that it runs again.
enum RealPaths {
  /// What is larger than this is no text that a build script wrote.
  private static let limit: Int64 = 32 << 20

  /// The folders and files below `target`, relative to it, that must not be kept.
  static func found(in target: FilePath, of buildDirectory: FilePath) throws(FileError) -> [FilePath] {
    guard target.isRealDirectory else { return [] }
    let search = PathSearch(buildDirectory)
    var found: Set<FilePath> = []
    try target.walk { (path, status) throws(FileError) in
      let name = path.lastComponent
      if status.kind == .directory { return name != "incremental" && !found.contains(path) }
      guard status.kind == .file, status.size <= limit, let unit = unitFolder(path, target) else { return true }
      if found.contains(unit) { return true }
      if isProgram(name) {
        if try search.isIn(file: path) { found.insert(path) }
      } else if isScriptOutput(path, unit), try search.isIn(file: path) {
        found.insert(unit)
      }
      return true
    }
    return found.map { FilePath(bytes: $0.bytes.dropFirst(target.bytes.count + 1)) }
  }

  /// The folder of the unit that a file belongs to: the one whose name carries the hash.
  private static func unitFolder(_ path: FilePath, _ target: FilePath) -> FilePath? {
    var folder = path.parent
    var nearest: FilePath?
    while folder != target, folder.isInside(target) {
      if UnitHash.find(in: Array(folder.lastComponent.utf8)[...]) != nil { nearest = folder }
      folder = folder.parent
    }
    return nearest
  }

  /// A build script's program, under the names that every layout so far gives it.
  private static func isProgram(_ name: String) -> Bool {
    let isScript = name.hasPrefix("build-script-") || name.hasPrefix("build_script_")
    return isScript && !name.contains(".")
  }

  /// What a build script printed, or text that it wrote; not lists of inputs, and not what rustc made.
  private static func isScriptOutput(_ path: FilePath, _ unit: FilePath) -> Bool {
    let name = path.lastComponent
    if name == "output" || name == "stdout" { return true }
    let isInOut = path.isInside(unit.appending("out"))
    let binary = [".d", ".rlib", ".rmeta", ".so", ".o", ".a", ".wasm", ".dwp"]
    return isInOut && !binary.contains { name.hasSuffix($0) } && !path.isExecutable
  }
}
