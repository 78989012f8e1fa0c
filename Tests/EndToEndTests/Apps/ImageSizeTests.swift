import Foundation
import Testing

/// Sources that nothing needs at run time.
@Suite(.needsRust) struct ImageSizeTests {
  private static let app = App.shop.with([
    "server/assets/style.css": "body {}", "server/src/templates/index.html": "<p>", "README.md": "read me",
    "rust-toolchain.toml": "[toolchain]\nchannel = \"stable\"\n", ".profile.d/own.sh": "true\n",
    ".scalingo/own.rs": "kept", "core/tests/all.rs": "#[test] fn t() {}", "bin/run.sh": "#!/bin/sh\n",
  ])

  @Test func sourcesGoOnRequestAndAssetsStay() throws {
    let platform = try Platform()
    let kept = try platform.deploy(Self.app)
    #expect(kept.has("server/src/main.rs") && kept.has("Cargo.lock"), "\(kept.log)")

    // A link to a folder outside, whose content must stay.
    let outside = platform.folder + "/outside"
    try makeFolder(outside)
    try Data("fn outside() {}".utf8).write(to: URL(fileURLWithPath: outside + "/other.rs"))
    var linking = Self.app
    linking["bin/pre_compile"] = "#!/bin/sh\nln -s \(outside) link; ln -s \(outside)/other.rs link.rs; mkdir empty\n"
    let small = try platform.deploy(linking, env: ["RUST_KEEP_SOURCES": "0"])
    #expect(small.exitCode == 0, "\(small.log)")
    #expect(
      small.names() == [".profile.d", ".scalingo", "README.md", "bin", "empty", "link", "server"],
      "\(small.log)"
    )
    #expect(small.names("server") == ["assets", "src"] && small.names("server/src") == ["templates"])
    #expect(small.names(".scalingo").contains("own.rs") && small.names(".profile.d") == ["own.sh", "rust.sh"])
    #expect(small.names("bin") == ["pre_compile", "run.sh", "server", "worker"])
    #expect(FileManager.default.fileExists(atPath: outside + "/other.rs"))
    #expect(small.lines.contains { $0.hasPrefix("Removed") && $0.hasSuffix("as RUST_KEEP_SOURCES says") })

    let next = try platform.deploy(linking, env: ["RUST_KEEP_SOURCES": "no"])
    #expect(next.compiled == [] && next.output(of: "worker") == "extra false debug false\n", "\(next.log)")
    let manifest = (Self.app["Cargo.toml"] ?? "") + "[workspace.metadata.scalingo]\nkeep-sources = false\n"
    let inManifest = try platform.deploy(Self.app.with(["Cargo.toml": manifest]))
    #expect(!inManifest.has("core") && !inManifest.has("Cargo.toml"), "\(inManifest.log)")
    let overruled = try platform.deploy(Self.app.with(["Cargo.toml": manifest]), env: ["RUST_KEEP_SOURCES": "1"])
    #expect(overruled.has("core/src/lib.rs"), "\(overruled.log)")
  }
}
