import Foundation
import StandIns
import Testing

/// The programs of docs/axum-actix-rocket.md, as they stand there: deployed and asked.
@Suite(.serialized, .needsStandIns) struct FrameworkTests {
  private struct Framework {
    let heading: String
    /// What "cargo add" on the page makes of the manifest.
    let dependencies: String
    let answer: String
    var crate: String { heading == "Axum" ? "axum" : "actix-web" }
  }

  private static let frameworks = [
    Framework(
      heading: "Axum",
      dependencies: "axum = \"*\"\ntokio = { version = \"*\", features = [\"full\"] }\n",
      answer: "Hello from Axum\n"
    ),
    Framework(
      heading: "Actix",
      // Without compression: Debian's crate for zstd wants the system's library.
      dependencies: "actix-web = { version = \"*\", default-features = false, features = [\"macros\"] }\n",
      answer: "Hello from Actix\n"
    ),
  ]

  /// Where the crates are: `STAND_IN_CRATES` names the folder on a machine whose Debian is older than 13, and
  /// `Tests/newer-crates` fills it.
  private static let crates =
    ProcessInfo.processInfo.environment["STAND_IN_CRATES"] ?? CrateRegistry.debianFolder

  private static func has(_ crate: String) -> Bool {
    ((try? FileManager.default.contentsOfDirectory(atPath: crates)) ?? []).contains {
      $0.hasPrefix(crate + "-") && $0.dropFirst(crate.utf8.count + 1).first?.isNumber == true
    }
  }

  /// The first program below a heading of the page.
  private static func program(below heading: String) throws -> String {
    let page = try String(contentsOfFile: repositoryFolder + "/docs/axum-actix-rocket.md", encoding: .utf8)
    let section = try #require(page.components(separatedBy: "\n## ").first { $0.hasPrefix(heading + "\n") })
    let parts = section.components(separatedBy: "```rust\n")
    return try #require(parts.dropFirst().first?.components(separatedBy: "```\n").first)
  }

  /// No release of Debian before 13 has the crates; a machine with another one can't be mended by a change here.
  @Test func theProgramsOfThePageDeployAndAnswer() throws {
    for framework in Self.frameworks {
      let program = try Self.program(below: framework.heading)
      guard Self.has(framework.crate) else {
        print(
          "NOT DONE: the program of \(framework.heading) in docs/axum-actix-rocket.md is not deployed: no crate "
            + "\(framework.crate) in \(Self.crates); see Tests/newer-crates"
        )
        continue
      }
      let rust = try Rust.own()
      defer { rust.server.stop() }
      try rust.registry.addCrates(in: Self.crates)
      let platform = try Platform(rust: rust)
      let app = App.package("web", manifest: "[dependencies]\n\(framework.dependencies)").without("Cargo.lock")
        .with(["src/main.rs": program])
      let quick = ["RUST_INSTALL_PROFILE": "dev", "CARGO_PROFILE_DEV_DEBUG": "0"]
      let deployment = try platform.deploy(app, env: quick)
      #expect(deployment.exitCode == 0, "\(framework.heading): \(deployment.log)")
      #expect(deployment.release.output.contains("web: /app/bin/web"))
      #expect(try deployment.answer(of: "web") == framework.answer)
    }
  }
}
