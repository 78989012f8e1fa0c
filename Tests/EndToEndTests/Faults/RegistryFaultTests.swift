import Foundation
import StandIns
import Testing

/// A registry that is down while everything needed is in the cache.
@Suite(.needsStandIns) struct RegistryFaultTests {
  @Test func whatTheLastBuildFetchedIsNotAskedForAgain() throws {
    let rust = try Rust.own()
    defer { rust.server.stop() }
    try FaultApp.publish(to: rust)
    let app = try FaultApp(rust)
    let platform = try Platform(rust: rust)
    #expect(try platform.deploy(app.app("first")).trouble(printing: "first") == nil)
    for path in ["/index/", "/crates/"] { rust.server.inject(.reset, at: path) }

    Faults.attempt("Network", "registry down, nothing changed") {
      rust.server.clearRequests()
      let same = try platform.deploy(app.app("first"))
      if !same.compiled.isEmpty { return "compiled \(same.compiled)" }
      let asked = rust.server.requests.filter { $0.contains("/index/") || $0.contains("/crates/") }
      return asked.isEmpty ? same.trouble(printing: "first") : "asked for \(asked)"
    }
    Faults.attempt("Network", "registry down, source changed") {
      let changed = try platform.deploy(app.app("second"))
      return changed.compiled.contains("dep") ? "compiled dep" : changed.trouble(printing: "second")
    }
    Faults.attempt("Network", "registry down, new dependency") {
      var more = app.app("third")
      more["Cargo.toml"] = (more["Cargo.toml"] ?? "") + "other = \"1\"\n"
      let failed = try platform.deploy(more.without("Cargo.lock"), process: ["CARGO_NET_RETRY": "0"])
      return failed.exitCode == 1 && failed.log.contains(" !     ") ? nil : "exit \(failed.exitCode): \(failed.log)"
    }
    let kept = platform.folder + "/kept"
    Faults.attempt("Network", "registry down, the crates lost") {
      try shell("cp -a \"$1\" \"$2\"; rm \"$1\"/crates-*", platform.rustCache, kept)
      defer { _ = try? shell("rm -rf \"$1\"; mv \"$2\" \"$1\"", platform.rustCache, kept) }
      let failed = try platform.deploy(app.app("fourth"), process: ["CARGO_NET_RETRY": "0"])
      let isTold = failed.log.contains("Discarding from the build cache: crates, since crates-")
      return failed.exitCode == 1 && isTold && failed.log.contains(" !     ") ? nil : failed.log
    }
    Faults.attempt("Network", "registry down, a crate missing in the archive of crates") {
      let archive = try "\(platform.rustCache)/\(SealedCache.name(.crates, in: platform.rustCache))"
      let repack = """
        set -e; d=$(mktemp -d); tar -I zstd -xf "$1" -C "$d"; rm -rf "$d"/cargo/registry/*/*/dep-*
        tar -I zstd -cf "$1" -C "$d" cargo; rm -rf "$d"
        """
      try shell(repack, archive)
      try SealedCache.sign(.crates, in: platform.rustCache)
      let failed = try platform.deploy(app.app("fifth"), process: ["CARGO_NET_RETRY": "0"])
      return failed.exitCode == 1 && failed.log.contains("Something is missing in the build cache") ? nil : failed.log
    }
    rust.server.clearFaults()
    Faults.attempt("Network", "registry back") {
      try platform.deploy(app.app("sixth")).trouble(printing: "sixth")
    }
    try rust.registry.yank("dep", "1.0.0")
    Faults.attempt("Network", "a locked crate was yanked") {
      try platform.clearCache()
      if let trouble = try platform.deploy(app.app("seventh")).trouble(printing: "seventh") { return trouble }
      return try platform.deploy(app.app("eighth")).trouble(printing: "eighth")
    }
  }
}
