// The choice of process types, and the record between compile and release.
import Testing

@testable import RustBuildpack

@Suite struct LaunchRecordTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test(arguments: [
    ("one", ["my-app"], [], ["web: /app/bin/my-app"]),
    ("two, none of them web", ["a", "b"], [], []),
    ("one called web", ["a", "web", "z"], [], ["web: /app/bin/web", "a: /app/bin/a", "z: /app/bin/z"]),
    ("a default run", ["a", "b"], ["b"], ["web: /app/bin/b", "a: /app/bin/a"]),
    ("web beats the default run", ["a", "web"], ["a"], ["web: /app/bin/web", "a: /app/bin/a"]),
    ("two default runs", ["a", "b"], ["a", "b"], []),
    ("the same default run twice", ["a", "b"], ["a", "a"], ["web: /app/bin/a", "b: /app/bin/b"]),
    ("a default run that was not installed", ["a", "b"], ["c"], []),
    (
      "names that are no process types", ["web", "my-job", "job_2", "Ärger", "X9"], [],
      ["web: /app/bin/web", "X9: /app/bin/X9"]
    ),
    ("a name for the shell", ["it's"], [], [#"web: '/app/bin/it'\''s'"#]),
    ("none", [], [], []),
  ])
  func chooses(name: String, executables: [String], defaults: [String], expected: [String]) {
    let record = LaunchRecord(executables: executables, defaultRuns: defaults, addons: nil)
    #expect(record.processTypes.map { "\($0.name): \($0.command)" } == expected, "\(name)")
  }

  @Test(arguments: [
    ("web", true), ("A1", true), ("", false), ("my-app", false), ("my_app", false), ("é", false),
    (String(repeating: "a", count: 24), true), (String(repeating: "a", count: 25), false),
  ])
  func knowsProcessTypes(name: String, expected: Bool) {
    #expect(LaunchRecord.isProcessType(name) == expected)
  }

  @Test(arguments: [nil, [], ["scalingo-redis", "scalingo-postgresql:postgresql-sandbox"]] as [[String]?])
  func isReadAsItWasWritten(addons: [String]?) throws {
    for executables in [[], ["web", "worker"]] {
      let record = LaunchRecord(executables: executables, defaultRuns: [], addons: addons)
      try record.write(into: folder.path)
      #expect(LaunchRecord(from: folder.path) == record)
    }
  }

  @Test func isNothingWithoutAGoodFile() throws {
    #expect(LaunchRecord(from: folder.path) == nil)
    for text in ["", "{", "garbage", "\u{0}"] {
      try folder.write(text, to: ".scalingo/rust/launch.json")
      #expect(LaunchRecord(from: folder.path) == nil)
    }
    let odd = #"{"process_types": {"web": 1, "a": "b"}, "addons": [1, "c"]}"#
    try folder.write(odd, to: ".scalingo/rust/launch.json")
    let record = try #require(LaunchRecord(from: folder.path))
    #expect(record.processTypes.map(\.name) == ["a"] && record.addons == ["c"])
    try folder.write(#"{"process_types": []}"#, to: ".scalingo/rust/launch.json")
    #expect(LaunchRecord(from: folder.path)?.processTypes.isEmpty == true)
  }

  @Test(arguments: [".scalingo", ".scalingo/rust", ".scalingo/rust/launch.json"])
  func isNeverWrittenThroughALink(name: String) throws {
    let outside = try TemporaryFolder()
    try outside.write("kept", to: "file")
    try folder.link(name, to: name.hasSuffix("json") ? outside["file"] : outside.path)
    try LaunchRecord(executables: ["web"], defaultRuns: [], addons: nil).write(into: folder.path)
    #expect(LaunchRecord(from: folder.path)?.processTypes.count == 1)
    #expect(try outside.listing() == ["file"])
    #expect(try outside["file"].text() == "kept")
  }
}
