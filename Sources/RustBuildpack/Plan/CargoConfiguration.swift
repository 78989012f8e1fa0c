/// The app's configuration of cargo, found and merged as cargo does it.
///
/// - Files: from a folder upwards, the nearer one wins. In each folder `.cargo/config` hides `.cargo/config.toml`.
/// - `include` (cargo 1.94): paths count from the including file. That file wins over what it includes, and of several
///   included files the later one. An older cargo ignores the key; here it is always followed.
/// - Variables win over files: `CARGO_BUILD_TARGET` over `build.target`.
/// - Lists are joined, but for a few keys: the farthest file's items come first, the words of the variable last.
///
/// cargo also reads `CARGO_HOME` and the folders above `top`; these are not the app's, and are not read here.
package struct CargoConfiguration: Sendable {
  /// A value and where it comes from.
  package struct Setting: Equatable, Sendable {
    package var value: JSON
    /// The file that defines it, named from `top`, or the variable.
    package let origin: String
    package let isVariable: Bool
    /// The folder that relative paths in the value count from: the one that holds `.cargo`.
    package let base: FilePath
  }

  /// A relative path that one of the files names.
  package struct RelativePath: Equatable, Sendable {
    /// The key as `--config` takes it: `source.vendored.directory`, `target."cfg(unix)".linker`.
    package let key: String
    /// The path as written.
    package let path: String
    /// The folder that it counts from.
    package let base: FilePath
  }

  private struct File: Sendable {
    let name: String
    let base: FilePath
    let document: JSON
  }

  /// Files, named from `top`, that can't be read or understood. What they define is unknown, so that only cargo can say
  /// that a name does not exist.
  package private(set) var unreadable: [String] = []
  /// The one that wins comes first.
  private var files: [File] = []
  private let folder: FilePath
  private let top: FilePath
  private let environment: Environment

  /// How many files one configuration file may include, directly or not.
  private static let mostIncludes = 100

  /// Reads the files of `folder` and of the folders above it up to `top`.
  package init(from folder: FilePath, top: FilePath, environment: Environment) {
    self.folder = folder
    self.top = top
    self.environment = environment
    var place = folder
    while true {
      let found = [".cargo/config", ".cargo/config.toml"].map { place.appending($0) }.first { Self.isThere($0) }
      var seen: Set<FilePath> = []
      if let found { load(found, &seen) }
      guard place != top, place.isInside(top) else { break }
      place = place.parent
    }
  }

  /// Reads what cargo reads when it runs in the app's folder.
  package init(_ context: BuildContext) {
    self.init(from: context.appDirectory, top: context.buildDirectory, environment: context.appEnvironment)
  }

  // MARK: - Looking values up

  /// The value of a key, lists joined; nil when neither a variable nor a file has it.
  package func setting(_ key: String...) -> Setting? { setting(key) }

  /// The text of a key; nil when there is none, or the value is not a text.
  package func string(_ key: String...) -> String? { setting(key)?.value.string }

  /// The texts of a list, or the one text that stands for it; a variable's are its words.
  package func strings(_ key: String...) -> [String] {
    guard let setting = setting(key) else { return [] }
    guard let text = setting.value.string else { return (setting.value.array ?? []).compactMap { $0.string } }
    return setting.isVariable ? Self.words(text) : [text]
  }

  /// The path that a key names, counted from the right folder.
  package func path(_ key: String...) -> FilePath? {
    guard let setting = setting(key), let text = setting.value.string, !text.isEmpty else { return nil }
    return Self.path(text, from: setting.base)
  }

  /// The names that the files have in a table, each once; variables are not looked at.
  package func names(in key: String...) -> [String] {
    var names: [String] = []
    for file in files {
      for member in Self.find(key, in: file.document)?.object ?? [] where !names.contains(member.key) {
        names.append(member.key)
      }
    }
    return names
  }

  /// The folders of vendored crates: `directory` and `local-registry` of all sources, where they are relative paths.
  package var vendoredSources: [RelativePath] {
    names(in: "source").flatMap { name in
      ["directory", "local-registry"].compactMap { relativePath(["source", name, $0]) }
    }
  }

  /// The linkers that are programs of the app. A name without a slash is looked for on PATH, and is not among them.
  package var linkers: [RelativePath] {
    names(in: "target").compactMap { relativePath(["target", $0, "linker"]) }.filter { $0.path.contains("/") }
  }

  private func setting(_ key: [String]) -> Setting? {
    var found: Setting?
    for file in files {
      guard let value = Self.find(key, in: file.document) else { continue }
      guard let nearer = found else {
        found = Setting(value: value, origin: file.name, isVariable: false, base: file.base)
        continue
      }
      if let items = nearer.value.array, let more = value.array, Self.joinsLists(key) {
        found?.value = .array(more + items)
      }
    }
    let variable = Self.variable(key)
    guard let text = environment[variable] else { return found }
    var value = JSON.string(text)
    if let items = found?.value.array, Self.joinsLists(key) {
      value = .array(items + Self.words(text).map { JSON.string($0) })
    }
    return Setting(value: value, origin: variable, isVariable: true, base: folder)
  }

  private func relativePath(_ key: [String]) -> RelativePath? {
    guard let setting = setting(key), !setting.isVariable, let path = setting.value.string, !path.isEmpty,
      !path.hasPrefix("/")
    else { return nil }
    return RelativePath(key: key.map { Self.keyText($0) }.joined(separator: "."), path: path, base: setting.base)
  }

  private static func find(_ key: [String], in document: JSON) -> JSON? {
    var value = document
    for part in key {
      guard let member = value[part] else { return nil }
      value = member
    }
    return value
  }

  /// `CARGO_TARGET_X86_64_UNKNOWN_LINUX_MUSL_LINKER` for `target.x86_64-unknown-linux-musl.linker`.
  private static func variable(_ key: [String]) -> String {
    var name = "CARGO"
    for part in key {
      name += "_"
      for character in part.uppercased() { name.append(character == "-" || character == "." ? "_" : character) }
    }
    return name
  }

  private static func words(_ text: String) -> [String] { text.split { $0.isWhitespace }.map { String($0) } }

  /// Whether lists are joined. Source: cargo's `NON_MERGEABLE_LISTS`.
  private static func joinsLists(_ key: [String]) -> Bool {
    key.first != "credential-alias" && !["credential-provider", "runner", "browser"].contains(key.last)
  }

  private static func keyText(_ part: String) -> String {
    let isBare = part.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
        true
      default: false
      }
    }
    // A text is written in TOML as in JSON.
    return isBare && !part.isEmpty ? part : JSON.string(part).serialized()
  }

  private static func path(_ text: String, from base: FilePath) -> FilePath {
    (text.hasPrefix("/") ? FilePath(text) : base.appending(text)).normalized
  }

  // MARK: - Reading files

  /// Whether something is there that cargo would read, links followed.
  private static func isThere(_ file: FilePath) -> Bool { ((try? file.targetStatus()) ?? nil) != nil }

  /// Adds a file, then what it includes. cargo refuses a file that is included twice, be it in a circle or not.
  private mutating func load(_ path: FilePath, _ seen: inout Set<FilePath>) {
    guard seen.insert(path).inserted, seen.count <= Self.mostIncludes, let content = try? path.contents(limit: 1 << 20),
      let document = try? TOML.parse(content)
    else { return noteUnreadable(path) }
    files.append(File(name: name(of: path), base: path.parent.parent, document: document))
    guard let includes = Self.includes(document) else { return noteUnreadable(path) }
    for include in includes.reversed() {
      let file = Self.path(include.path, from: path.parent)
      if include.isOptional, !Self.isThere(file) { continue }
      load(file, &seen)
    }
  }

  /// What `include` names, in the order written; nil when cargo would refuse it.
  private static func includes(_ document: JSON) -> [(path: String, isOptional: Bool)]? {
    guard let value = document["include"] else { return [] }
    var includes: [(path: String, isOptional: Bool)] = []
    for item in value.array ?? [value] {
      guard let path = item.string ?? item["path"]?.string, path.hasSuffix(".toml") else { return nil }
      let optional = item["optional"] ?? false
      guard let isOptional = optional.bool else { return nil }
      includes.append((path, isOptional))
    }
    return includes
  }

  private mutating func noteUnreadable(_ path: FilePath) {
    let name = name(of: path)
    if !unreadable.contains(name) { unreadable.append(name) }
  }

  private func name(of path: FilePath) -> String {
    guard path.isInside(top) else { return path.description }
    let rest = path.bytes.dropFirst(top.bytes.count).drop { $0 == UInt8(ascii: "/") }
    return String(decoding: rest, as: UTF8.self)
  }
}
