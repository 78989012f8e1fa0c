// Which packages, binaries and features "cargo install" is run for, and the mistakes that are told beforehand.
import Testing

@testable import RustBuildpack

@Suite struct InstallPlanTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The plan in short: "package: binaries [features]" for each step.
  private func plan(_ name: String, _ values: JSON = [:]) throws -> String {
    let metadata = try metadata(name)
    do throws(BuildpackError) {
      let settings = try Settings(Environment(), [(values, "Cargo.toml")])
      let plan = try InstallPlan(metadata, settings, app: folder.path, environment: Environment())
      var lines = plan.steps.map { step in
        "\(step.package.name): \(step.binaries?.joined(separator: " ") ?? "all") [\(step.features.joined(separator: ","))]"
      }
      if let profile = plan.profile { lines.append("profile \(profile)") }
      if !plan.flags.words.isEmpty { lines.append("flags \(plan.flags.words.joined(separator: " "))") }
      return lines.joined(separator: "; ")
    } catch { return error.words.text }
  }

  private func metadata(_ name: String) throws -> CargoMetadata {
    let bytes =
      switch name {
      case "root": try recorded("metadata-root-package.json")
      case "workspace": try recorded("metadata-virtual-workspace.json")
      default:
        // A package with a binary of the same name as another's.
        Array(
          String(decoding: try recorded("metadata-virtual-workspace.json"), as: UTF8.self)
            .replacing(#""name":"worker","src_path""#, with: #""name":"web","src_path""#).utf8
        )
      }
    return try #require(CargoMetadata(try JSON.parse(bytes), buildDirectory: "/build"))
  }

  @Test(
    arguments: [
      ("root", [:], "my-app: all []"),
      ("workspace", [:], "web: all []; worker: all []"),
      ("workspace", ["packages": ["worker", "web", "worker"]], "worker: all []; web: all []"),
      ("root", ["packages": ["tool"]], "tool: all []"),
      ("root", ["binaries": ["web"]], "my-app: web []"),
      (
        "root", ["packages": ["my-app", "tool"], "binaries": ["tool", "my-app", "web"]],
        "my-app: my-app web []; tool: tool []"
      ),
      ("workspace", ["binaries": ["worker"]], "worker: worker []"),
      ("root", ["features": ["admin", "tls"]], "my-app: all [admin,tls]"),
      (
        "root", ["packages": ["my-app", "tool"], "features": ["my-app/admin", "fast"]],
        "my-app: all [admin]; tool: all [fast]"
      ),
      ("root", ["features": ["tool/fast"]], "my-app: all [tool/fast]"),
      ("root", ["profile": "bench", "flags": "--jobs 2"], "my-app: all []; profile bench; flags --jobs 2"),
      ("same", ["packages": ["web"]], "web: all []"),
    ] as [(String, JSON, String)]
  )
  func chooses(workspace: String, settings: JSON, expected: String) throws {
    #expect(try plan(workspace, settings) == expected)
  }

  @Test(
    arguments: [
      (
        "workspace", ["packages": ["wep"]],
        "There is no package \"wep\".\n\nThe setting of RUST_INSTALL_PACKAGES in Cargo.toml names it. There are: macros, shared, web, worker. "
          + "Did you mean \"web\"?"
      ),
      (
        "workspace", ["packages": ["shared"]],
        "The package shared has no binary that is built.\nPackages with binaries: web, worker."
      ),
      (
        "workspace", ["packages": []],
        "The setting packages can't be used.\n\nthe list names nothing to install (from Cargo.toml).\n\n"
          + "There are: macros, shared, web, worker."
      ),
      (
        "root", ["binaries": []],
        "The setting binaries can't be used.\n\nthe list names nothing to install (from Cargo.toml).\n\n"
          + "There are: admin, my-app, web."
      ),
      (
        "root", ["binaries": ["tool"]],
        "There is no binary \"tool\".\n\nThe setting of RUST_INSTALL_BINARIES in Cargo.toml names it. There are: admin, my-app, web."
      ),
      (
        "root", ["features": ["fast"]],
        "There is no feature \"fast\".\n\nThe setting of RUST_INSTALL_FEATURES in Cargo.toml names it. There are: admin, default, tls."
      ),
      (
        "root", ["features": ["my-app/fast"]],
        "There is no feature \"my-app/fast\".\n\nThe setting of RUST_INSTALL_FEATURES in Cargo.toml names it. There are: admin, default, tls."
      ),
      (
        "root", ["packages": ["my-app", "tool"], "features": ["x"]],
        "There are: my-app/admin, my-app/default, my-app/tls, tool/fast."
      ),
      ("same", [:], "Two packages have a binary of the same name.\n\n\"web\" is built by web and by worker;"),
    ] as [(String, JSON, String)]
  )
  func refuses(workspace: String, settings: JSON, expected: String) throws {
    let found = try plan(workspace, settings)
    #expect(found.contains(expected), "\(found)")
  }

  struct Profile: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let name: String
    var files: [String: String] = [:]
    var variables: [String: String] = [:]
    var isKnown = true
  }

  @Test(arguments: [
    Profile(testDescription: "built in", name: "release"),
    Profile(testDescription: "built in since 1.99", name: "debug"),
    Profile(testDescription: "unknown", name: "small", isKnown: false),
    Profile(testDescription: "of the manifest", name: "small", files: ["Cargo.toml": "[profile.small]"]),
    Profile(
      testDescription: "of the configuration",
      name: "small",
      files: [".cargo/config": "profile.small.inherits = \"dev\""]
    ),
    Profile(
      testDescription: "of an included file",
      name: "small",
      files: [
        ".cargo/config.toml": "include = [{ path = \"profiles.toml\" }]", ".cargo/profiles.toml": "[profile.small]",
      ]
    ),
    Profile(
      testDescription: "of a hidden file",
      name: "small",
      files: [".cargo/config": "", ".cargo/config.toml": "[profile.small]"],
      isKnown: false
    ),
    Profile(
      testDescription: "of a variable",
      name: "my-small",
      variables: ["CARGO_PROFILE_MY_SMALL_INHERITS": "dev"]
    ),
    Profile(testDescription: "an unreadable manifest", name: "small", files: ["Cargo.toml": "[profile"]),
    Profile(testDescription: "an unreadable configuration", name: "small", files: [".cargo/config.toml": "[profile"]),
    Profile(
      testDescription: "an included file that is missing",
      name: "small",
      files: [".cargo/config.toml": "include = [\"profiles.toml\"]"]
    ),
    Profile(
      testDescription: "an optional one that is missing",
      name: "small",
      files: [".cargo/config.toml": "include = [{ path = \"profiles.toml\", optional = true }]"],
      isKnown: false
    ),
  ])
  func knowsProfiles(_ profile: Profile) throws {
    for (name, text) in profile.files { try folder.write(text, to: name) }
    let text = String(decoding: try recorded("metadata-root-package.json"), as: UTF8.self)
      .replacing("/build", with: "\(folder.path)")
    let metadata = try #require(CargoMetadata(try JSON.parse(Array(text.utf8)), buildDirectory: folder.path))
    let settings = try Settings(Environment(), [(["profile": .string(profile.name)], "Cargo.toml")])
    let environment = Environment(profile.variables.mapValues { Array($0.utf8) })
    let words = errorText { () throws(BuildpackError) in
      _ = try InstallPlan(metadata, settings, app: folder.path, environment: environment)
    }
    #expect(words == "no error" || words.contains("There is no profile \"small\"."), "\(words)")
    #expect((words == "no error") == profile.isKnown, "\(words)")
  }

  @Test func refusesToOverwriteTheAppsOwnFile() throws {
    try folder.write("#!/bin/sh", to: "bin/worker")
    let words = try plan("workspace")
    #expect(words.contains("bin/worker is part of the app, and the binary worker would have to overwrite it."))
    #expect(try plan("workspace", ["binaries": ["web"]]) == "web: web []")
  }
}
