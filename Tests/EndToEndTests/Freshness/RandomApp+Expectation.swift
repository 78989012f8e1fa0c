import Foundation

// What must come of an app's sources, worked out without cargo.
extension RandomApp {
  /// What a binary prints when it is built of the sources in `folder`.
  func expectedOutput(of binary: String, in folder: String, _ circumstances: Circumstances) throws -> String {
    guard let package = packages.first(where: { $0.name == binary }) else { throw Failure("no package \(binary)") }
    let text = try String(contentsOfFile: "\(folder)/\(package.folder)src/main.rs", encoding: .utf8)
    return try Self.word(after: "print!(\"", in: text, upTo: "{}")
      + value(of: package, in: Folder(path: folder), circumstances)
  }

  private struct Folder {
    let path: String

    func read(_ name: String) throws -> String { try String(contentsOfFile: "\(path)/\(name)", encoding: .utf8) }
  }

  private func value(of package: Package, in folder: Folder, _ circumstances: Circumstances) throws -> String {
    let base = package.folder
    var value = try Self.word(after: "s += \"", in: folder.read(base + "src/lib.rs"), upTo: "\"")
    value += try folder.read(base + "src/text.txt")
    if package.includesShared { value += try folder.read("shared/x.txt") }
    if package.includesLink { value += try folder.read(base + "src/alias.txt") }
    if package.includesThroughLinkedFolder { value += try folder.read(base + "current/t.txt") }
    if package.script != .none {
      value += try Self.word(after: "String::from(\"", in: folder.read(base + "build.rs"), upTo: "\"")
    }
    switch package.script {
    case .none: break
    case .file, .absolute, .real, .baked, .generated: value += try folder.read(base + "input.txt")
    case .directory, .whole, .absoluteFolder: value += try Self.listing("\(folder.path)/\(base)data")
    case .missing: value += (try? folder.read(base + "maybe.txt")) ?? ""
    case .inner: value += try Self.word(after: "print!(\"", in: folder.read(base + "inner/src/main.rs"), upTo: "\"")
    }
    for name in package.dependencies {
      guard let other = packages.first(where: { $0.name == name }) else { continue }
      value +=
        try other.isMacro ? expansion(of: other, in: package, folder) : self.value(of: other, in: folder, circumstances)
    }
    let shared =
      hook == .none ? "" : try Self.word(after: "{ \"", in: folder.read("hook-shared/src/lib.rs"), upTo: "\"")
    if package.includesHooked {
      let generator = hook == .member ? "gen/src/main.rs" : "tools/gen/src/main.rs"
      value += try Self.word(after: "print!(\"", in: folder.read(generator), upTo: "{}") + shared
      if hookUsesWords { value += try words.value(in: folder.path) }
    }
    if package.usesShared { value += shared }
    if package.usesWords { value += try words.value(in: folder.path) }
    if circumstances.hasFeature, package.hasBinary { value += "E;" }
    if circumstances.hasFlags { value += "F;" }
    return value
  }

  private func expansion(of other: Package, in package: Package, _ folder: Folder) throws -> String {
    let number = try Self.word(after: "String::from(\"", in: folder.read(other.folder + "src/lib.rs"), upTo: "\"")
    switch other.reading {
    case .file: return try number + folder.read(package.folder + "notes.txt")
    case .folder: return try number + Self.listing("\(folder.path)/\(package.folder)migrations")
    case .nothing, nil: return number
    }
  }

  /// The names and contents of a folder; nothing for one that is not there.
  private static func listing(_ folder: String) throws -> String {
    guard FileManager.default.fileExists(atPath: folder) else { return "" }
    return try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map { name in
      var isDirectory: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: "\(folder)/\(name)", isDirectory: &isDirectory)
      return try name
        + (isDirectory.boolValue
          ? listing("\(folder)/\(name)") : String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8))
    }.joined()
  }

  static func word(after mark: String, in text: String, upTo end: String) throws -> String {
    guard let start = text.range(of: mark), let stop = text[start.upperBound...].range(of: end) else {
      throw Failure("no \(mark) in \(text)")
    }
    return String(text[start.upperBound..<stop.lowerBound])
  }
}
