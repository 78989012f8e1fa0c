import Foundation

/// Where the buildpack is that a deployment runs.
struct BuildpackFolder: Equatable {
  static let phases = ["detect", "compile", "release"]

  var path: String
  /// What of it is copied; nil: everything.
  var entries: Set<String>?

  /// The folder that was named, or else the checkout: the current directory, or the one that this tool was built in.
  init(named name: String?, currentDirectory: String, tool: String) throws(Failure) {
    if let name {
      path = URL(fileURLWithPath: name).standardizedFileURL.path
      let missing = Self.missing(in: path)
      guard missing.isEmpty else { throw .buildpackIncomplete(folder: path, missing: missing) }
      return
    }
    let candidates = [currentDirectory] + Self.checkouts(above: tool)
    guard let found = candidates.first(where: { Self.missing(in: $0).isEmpty }) else {
      throw .buildpackMissing(searched: candidates.reduce(into: []) { if !$0.contains($1) { $0.append($1) } })
    }
    path = found
    entries = ["bin"]
  }

  private static func missing(in folder: String) -> [String] {
    phases.filter { phase in
      let path = "\(folder)/bin/\(phase)"
      var isFolder: ObjCBool = false
      return !FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) || isFolder.boolValue
        || !FileManager.default.isExecutableFile(atPath: path)
    }
  }

  /// The folders above this tool that hold a Swift package: the checkout that it was built in.
  static func checkouts(above tool: String) -> [String] {
    var found: [String] = []
    var folder = URL(fileURLWithPath: tool)
    while folder.path != "/" {
      folder.deleteLastPathComponent()
      let package = folder.appendingPathComponent("Package.swift").path
      if FileManager.default.fileExists(atPath: package) { found.append(folder.path) }
    }
    return found
  }
}
