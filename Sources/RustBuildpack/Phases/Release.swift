/// `bin/release BUILD_DIR`: what the platform should know of the app, as YAML.
package enum Release {
  /// Prints the YAML map on stdout and returns 0; 2 for wrong arguments. Further arguments are ignored.
  package static func run(_ arguments: [FilePath]) -> Int32 {
    if tellsVersion(arguments) { return 0 }
    guard let app = arguments.first, !app.bytes.isEmpty else {
      StandardStream.errors.write(Array("usage: bin/release BUILD_DIR\n".utf8))
      return 2
    }
    StandardStream.output.write(Array(YAML.serialized(document(app)).utf8))
    return 0
  }

  /// The map. A Procfile is the app's own choice of processes: beside it none are named.
  static func document(_ app: FilePath) -> JSON {
    let record = LaunchRecord(from: app)
    let path = "/app/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    var members = [
      JSON.Member(
        key: "addons",
        value: .array((record?.addons ?? ["scalingo-postgresql"]).map { .string($0) })
      ),
      JSON.Member(key: "config_vars", value: ["PATH": .string(path)]),
    ]
    if let record, !record.processTypes.isEmpty, !app.appending("Procfile").exists {
      let types = record.processTypes.map { JSON.Member(key: $0.name, value: .string($0.command)) }
      members.append(JSON.Member(key: "default_process_types", value: .object(types)))
    }
    return .object(members)
  }
}
