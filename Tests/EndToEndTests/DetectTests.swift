import Foundation
import Glibc
import Testing

/// `bin/detect`: the name on stdout, or nothing there and the explanation on stderr.
@Suite struct DetectTests {
  private let platform: Platform

  init() throws { platform = try Platform(rust: nil) }

  private func folder(_ app: App) throws -> String { try platform.place(app) }

  @Test func aManifestIsARustApp() throws {
    let run = try platform.run("detect", [try folder(["Cargo.toml": ""])])
    #expect(run.exitCode == 0)
    #expect(run.output == "Rust\n")
    #expect(run.errors == "")
  }

  @Test func aLinkToAManifestIsARustApp() throws {
    let build = try folder(["crates/app/Cargo.toml": ""])
    try FileManager.default.createSymbolicLink(
      atPath: build + "/Cargo.toml",
      withDestinationPath: "crates/app/Cargo.toml"
    )
    let run = try platform.run("detect", [build])
    #expect(run.exitCode == 0)
    #expect(run.output == "Rust\n")
    #expect(run.errors == "")
  }

  @Test(
    arguments: [
      ("an empty folder", [:], ["At the top level there is nothing."]),
      (
        "a manifest one level down", ["app/Cargo.toml": "", "README.md": ""],
        ["  README.md", "  app", "This folder has one", "env-set RUST_APP_DIR=app"]
      ),
      (
        "a monorepo",
        [
          "libs/common/Cargo.toml": "", "services/api/Cargo.toml": "", "services/api/src/main.rs": "",
          "node_modules/x/Cargo.toml": "", "a/b/c/d/Cargo.toml": "",
        ],
        ["These folders have one:\n !       services/api\n !       libs/common\n !\n", "RUST_APP_DIR=services/api"]
      ),
      ("another spelling", ["cargo.toml": ""], ["\"cargo.toml\" is spelled differently"]),
      ("a folder of that name", ["Cargo.toml/x": ""], ["not a file that can be read"]),
      ("a name with an escape sequence", ["\u{1B}[31mred": ""], ["  ?[31mred"]),
    ] as [(String, App, [String])]
  )
  func anotherAppIsRefusedWithAnExplanation(name: String, app: App, words: [String]) throws {
    let run = try platform.run("detect", [try folder(app)])
    #expect(run.exitCode == 1)
    #expect(run.output == "")
    #expect(run.errors.contains("couldn't find a Cargo.toml file at its top level"), "\(name)")
    #expect(run.errors.contains(".slugignore"))
    for word in words { #expect(run.errors.contains(word), "\(name): \(run.errors)") }
    for line in run.errors.split(separator: "\n") where !line.contains(" !") { Issue.record("unmarked: \(line)") }
  }

  @Test func aFolderCanBeAskedFor() throws {
    let build = try folder(["services/api/Cargo.toml": "", "README.md": ""])
    for name in ["services/api", "./services/api/"] {
      let run = try platform.run("detect", [build], process: ["RUST_APP_DIR": name])
      #expect(run.exitCode == 0 && run.output == "Rust\n" && run.errors == "", "\(run.errors)")
    }
    let wrong = try platform.run("detect", [build], process: ["RUST_APP_DIR": "services/apis"])
    #expect(wrong.exitCode == 1 && wrong.output == "")
    #expect(wrong.errors.contains("RUST_APP_DIR names \"services/apis\", and there is none in that folder."))
    #expect(wrong.errors.contains("env-set RUST_APP_DIR=services/api\n"), "\(wrong.errors)")
  }

  @Test func whatIsNoFileIsNoManifest() throws {
    let dangling = try folder([:])
    try FileManager.default.createSymbolicLink(atPath: dangling + "/Cargo.toml", withDestinationPath: "nowhere")
    let fifo = try folder([:])
    try #require(mkfifo(fifo + "/Cargo.toml", 0o600) == 0)
    for build in [dangling, fifo] {
      let run = try platform.run("detect", [build])
      #expect(run.exitCode == 1)
      #expect(run.output == "")
      #expect(run.errors.contains("not a file that can be read"), "\(run.errors)")
    }
  }

  @Test func whatIsNoFolderIsAnError() throws {
    let file = try folder(["file": ""]) + "/file"
    for arguments in [[], [""], [platform.folder + "/missing"], [file]] {
      let run = try platform.run("detect", arguments, home: platform.folder)
      #expect(run.exitCode != 0)
      #expect(run.output == "", "\(arguments)")
      #expect(run.errors.contains(arguments.first?.isEmpty == false ? "Error: " : "usage: bin/detect BUILD_DIR"))
    }
  }

  @Test func pathsMayBeRelativeAndHoldAnything() throws {
    try makeFolder(platform.folder + "/my ünï 🦀 app")
    try Data().write(to: URL(fileURLWithPath: platform.folder + "/my ünï 🦀 app/Cargo.toml"))
    for path in ["my ünï 🦀 app", "./my ünï 🦀 app/", "my ünï 🦀 app//"] {
      #expect(try platform.run("detect", [path], home: "/", directory: platform.folder).output == "Rust\n")
    }
  }
}
