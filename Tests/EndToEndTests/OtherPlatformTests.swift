import Foundation
import Glibc
import StandIns
import Testing

/// The procedures of platforms that take the same buildpacks.
@Suite(.needsStandIns) struct OtherPlatformTests {
  private static let hasPyYAML = (try? shell("python3 -c 'import yaml'")) != nil

  /// A YAML map of texts as JSON: read by PyYAML, or, without it, as far as release's own form goes.
  private func parsed(_ text: String) throws -> [String: Any] {
    if Self.hasPyYAML {
      let script = "import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.argv[1])))"
      let json = try shell("python3 -c \"$1\" \"$2\"", script, text)
      return try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    }
    print("SKIPPED: release read by PyYAML: it is not on this machine; read by the line instead")
    var map: [String: Any] = [:]
    var key = ""
    for line in text.split(separator: "\n") {
      if line.hasPrefix("  - ") {
        map[key] = ((map[key] as? [String]) ?? []) + [String(line.dropFirst(4))]
      } else if line.hasPrefix("  ") {
        let parts = line.dropFirst(2).split(separator: ":", maxSplits: 1).map(String.init)
        var inner = (map[key] as? [String: String]) ?? [:]
        inner[parts[0]] = String(parts[1].dropFirst())
        map[key] = inner
      } else {
        key = String(line.dropLast())
      }
    }
    return map
  }

  @Test func herokuishDeploysAsAnOrdinaryUser() throws {
    // The thin toolchain runs this user's own, which an ordinary user may not be allowed to read.
    let rust = try Rust.own(kind: .full, cache: builtProducts + "/stand-in-cache")
    defer { rust.server.stop() }
    try rust.registry.add(.init("dep", "1.0.0", files: ["src/lib.rs": "pub const TEXT: &str = \"dep\";\n"]))
    let platform = try Platform(rust: rust)
    var app = App.package(manifest: "[dependencies]\ndep = \"1\"\n").without("Cargo.lock")
      .with(["src/main.rs": "fn main() { println!(\"{}\", dep::TEXT); }\n"])
    if let reason = try platform.becomeOrdinary() {
      print("SKIPPED: herokuishDeploysAsAnOrdinaryUser: \(reason)")
      return
    }
    for run in ["cold", "warm"] {
      let deployment = try platform.deployLikeHerokuish(app)
      try #require(deployment.exitCode == 0, "\(deployment.log)")
      #expect(deployment.output(of: "hello") == "dep\n")
      #expect(deployment.compiled == (run == "cold" ? ["dep", "hello"] : []), "\(deployment.log)")
      let map = try parsed(deployment.release.output)
      #expect(map["addons"] as? [String] == ["scalingo-postgresql"])
      #expect(map["default_process_types"] as? [String: String] == ["web": "/app/bin/hello"])
      #expect((map["config_vars"] as? [String: String])?["PATH"]?.hasPrefix("/app/bin:") == true)
      expectReadable(deployment)
      if getuid() == 0 {
        let foreign = try shell(
          "find \"$1\" \"$2\" ! -user \"$3\" ! -name .release",
          deployment.directory,
          platform.cache,
          "65534"
        )
        #expect(foreign == "", "everything is the user's")
      }
      app["Cargo.lock"] = try #require(deployment.contents("Cargo.lock"))
    }
    let broken = try platform.deployLikeHerokuish(app.with(["src/main.rs": "fn main() { broken }\n"]))
    #expect(broken.exitCode == 1 && broken.log.contains("\n        !     "), "\(broken.log)")
    let refused = try platform.deployLikeHerokuish(["main.py": ""])
    #expect(refused.exitCode == 1 && refused.log == "Unable to select a buildpack\n", "detect prints nothing on stdout")
  }

  /// Steps begin at the margin, everything else is below them, and warnings keep their marks.
  private func expectReadable(_ deployment: Deployment) {
    let lines = deployment.log.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    for line in lines {
      let isStep = line.hasPrefix("-----> ")
      let isBelow = line.hasPrefix(String(repeating: " ", count: 14)) || line.hasPrefix("        !")
      #expect(isStep || isBelow || line.allSatisfy { $0 == " " }, "\"\(line)\"")
    }
    let steps = lines.filter { $0.hasPrefix("-----> ") }.map { $0.dropFirst(7) }
    #expect(steps.first == "Rust app detected" && steps.contains("Building"), "\(steps)")
    #expect(steps.last?.hasPrefix("Done in ") == true)
  }

  @Test func herokuGivesVariablesThroughTheEnvDirectoryOnly() throws {
    let platform = try Platform()
    let app = App.package(manifest: "[features]\nloud = []\n").with([
      "src/main.rs": "fn main() { println!(\"{} {}\", env!(\"GREETING\"), cfg!(feature = \"loud\")); }\n"
    ])
    let variables = (platform.rust?.variables ?? [:]).merging([
      "GREETING": "from the env directory", "RUST_INSTALL_FEATURES": "loud",
    ]) { $1 }
    for (name, value) in variables {
      try Data(value.utf8).write(to: URL(fileURLWithPath: "\(platform.env)/\(name)"))
    }
    let bare: [String: String?] = Dictionary(uniqueKeysWithValues: variables.keys.map { ($0, String?.none) })
      .merging(["HOME": "/app", "STACK": "heroku-24"]) { $1 }
    for run in ["cold", "warm"] {
      let build = "/tmp/build_\(String(UInt64.random(in: 0...UInt64.max), radix: 16))"
      defer { try? FileManager.default.removeItem(atPath: build) }
      try app.write(to: build, times: .now)
      let compile = try platform.run("compile", [build, platform.cache, platform.env], process: bare)
      #expect(compile.exitCode == 0, "\(compile.output)")
      #expect(compile.output.contains("Compiling hello") == (run == "cold"), "\(run): \(compile.output)")
      let answer = try ToolRun([build + "/bin/hello"], environment: [:], directory: "/", timeout: 20)
      #expect(answer.output == "from the env directory true\n")
      #expect(try platform.run("release", [build], process: bare).output.contains("web: /app/bin/hello\n"))
      #expect(!FileManager.default.fileExists(atPath: "/app"), "nothing is made at the run-time home")
    }
  }
}
