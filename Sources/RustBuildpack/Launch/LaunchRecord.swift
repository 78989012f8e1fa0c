/// What `compile` leaves for `release`, in the app's own folder: written and read here and nowhere else.
package struct LaunchRecord: Equatable, Sendable {
  /// Process types with their commands, `web` first; empty when the choice is not clear.
  package let processTypes: [(name: String, command: String)]
  /// Add-ons that the app asks for; nothing for the default.
  package let addons: [String]?

  private static func path(_ app: FilePath) -> FilePath { app.appending(".scalingo/rust/launch.json") }

  /// Chooses process types: a binary named `web`, else the package's `default-run`, else the only one is the web
  /// process; where there is one, every other binary whose name can be a process type becomes one of that name.
  package init(executables: [String], defaultRuns: [String], addons: [String]?) {
    self.addons = addons
    let defaults = Set(defaultRuns.filter(executables.contains))
    let web: String? =
      if executables.contains("web") {
        "web"
      } else if defaults.count == 1 {
        defaults.first
      } else {
        executables.count == 1 ? executables.first : nil
      }
    guard let web else {
      processTypes = []
      return
    }
    var types = [(name: "web", command: Self.command(web))]
    for name in executables where name != web && Self.isProcessType(name) {
      types.append((name: name, command: Self.command(name)))
    }
    processTypes = types
  }

  private static func command(_ executable: String) -> String { ShellWords.quote("/app/bin/\(executable)") }

  /// `[A-Za-z0-9]+`, at most 24 characters: the platform's rule.
  static func isProcessType(_ name: String) -> Bool {
    name.utf8.count <= 24 && !name.isEmpty
      && name.utf8.allSatisfy { byte in
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
          || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
      }
  }

  /// Puts the record into the build directory.
  package func write(into app: FilePath) throws(FileError) {
    let types = processTypes.map { JSON.Member(key: $0.name, value: .string($0.command)) }
    var members = [JSON.Member(key: "process_types", value: .object(types))]
    if let addons { members.append(JSON.Member(key: "addons", value: .array(addons.map { .string($0) }))) }
    let path = Self.path(app)
    for folder in [path.parent.parent, path.parent] where folder.exists && !folder.isRealDirectory {
      try folder.removeTree()
    }
    try path.parent.makeDirectories()
    try path.write(Array((JSON.object(members).serialized(indented: true) + "\n").utf8))
  }

  /// Reads the record of a build; nothing when `compile` never ran here.
  package init?(from app: FilePath) {
    guard let bytes = try? Self.path(app).contents(limit: 1 << 20), let document = try? JSON.parse(bytes) else {
      return nil
    }
    processTypes = (document["process_types"]?.object ?? []).compactMap { member in
      member.value.string.map { (name: member.key, command: $0) }
    }
    addons = document["addons"]?.array?.compactMap(\.string)
  }

  package static func == (left: LaunchRecord, right: LaunchRecord) -> Bool {
    left.addons == right.addons && left.processTypes.elementsEqual(right.processTypes, by: ==)
  }
}
