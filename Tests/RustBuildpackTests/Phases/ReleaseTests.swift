// What bin/release prints.
import Testing

@testable import RustBuildpack

@Suite struct ReleaseTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private let path = "/app/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

  @Test func followsTheRecord() throws {
    try LaunchRecord(executables: ["web", "worker"], defaultRuns: [], addons: []).write(into: folder.path)
    let members: JSON = [
      "addons": [], "config_vars": ["PATH": .string(path)],
      "default_process_types": ["web": "/app/bin/web", "worker": "/app/bin/worker"],
    ]
    #expect(Release.document(folder.path) == members)
    #expect(
      YAML.serialized(Release.document(folder.path)) == """
        addons: []
        config_vars:
          PATH: \(path)
        default_process_types:
          web: /app/bin/web
          worker: /app/bin/worker

        """
    )
  }

  @Test func leavesProcessesToAProcfile() throws {
    try LaunchRecord(executables: ["web"], defaultRuns: [], addons: ["a"]).write(into: folder.path)
    try folder.write("web: web", to: "Procfile")
    #expect(Release.document(folder.path) == ["addons": ["a"], "config_vars": ["PATH": .string(path)]])
  }

  @Test func namesNoProcessesThatAreNotClear() throws {
    let plain: JSON = ["addons": ["scalingo-postgresql"], "config_vars": ["PATH": .string(path)]]
    #expect(Release.document(folder.path) == plain)
    try LaunchRecord(executables: ["a", "b"], defaultRuns: [], addons: nil).write(into: folder.path)
    #expect(Release.document(folder.path) == plain)
    try folder.write("{", to: ".scalingo/rust/launch.json")
    #expect(Release.document(folder.path) == plain)
    #expect(Release.document(folder["missing"]) == plain)
  }
}
