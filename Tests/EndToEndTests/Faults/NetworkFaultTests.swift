import Foundation
import StandIns
import Testing

/// What servers do wrong: the deployment succeeds, or fails in bounded time with a clear error; the next one on a
/// healthy network succeeds; nothing unverified is run.
@Suite(.needsStandIns) struct NetworkFaultTests {
  private struct Place {
    let name: String
    let path: String
    /// Whether the toolchain is in the cache already.
    let isInstalled: Bool

    /// How a line of the log begins that names a bound for what is fetched from there, and the bound; nil for the small
    /// request whether a channel has moved.
    var limit: (line: String, words: String)? {
      switch path.prefix(3) {
      case "/ru": ("Downloading rustup 1.29.0 from the mirror in RUSTUP_UPDATE_ROOT", "for at most 6 minutes")
      case "/di": isInstalled ? nil : ("Running \"rustup toolchain install stable", "for at most 10 minutes")
      default: ("Running \"cargo tree --locked", "for at most 15 minutes")
      }
    }
  }

  private static let places = [
    Place(name: "rustup-init", path: "/rustup/archive", isInstalled: false),
    Place(name: "channel file", path: "/dist/channel-rust-stable.toml", isInstalled: false),
    Place(name: "checksum file", path: "/dist/channel-rust-stable.toml.sha256", isInstalled: false),
    Place(name: "component", path: "/dist/2", isInstalled: false),
    Place(name: "index", path: "/index/", isInstalled: true),
    Place(name: "crate", path: "/crates/", isInstalled: true),
    Place(name: "channel file, toolchain cached", path: "/dist/channel-rust-stable.toml", isInstalled: true),
    Place(name: "checksum file, toolchain cached", path: "/dist/channel-rust-stable.toml.sha256", isInstalled: true),
  ]

  /// Waiting for a server is cut short; elsewhere it is half a minute.
  private static let patience = [
    "RUSTUP_DOWNLOAD_TIMEOUT": "2", "CARGO_HTTP_TIMEOUT": "2", "CARGO_NET_RETRY": "1",
    "CARGO_HTTP_LOW_SPEED_LIMIT": "1000",
  ]

  /// How long a deployment may take that meets a fault, in seconds.
  private static let bound = 150.0

  private static func faults(_ rust: OfflineRust) -> [(name: String, fault: Fault, times: Int?)] {
    var faults: [(String, Fault, Int?)] = [404, 403, 429, 500].map { ("\($0)", .status($0), nil) }
    faults += [
      ("500 once", .status(500), 1), ("reset", .reset, nil), ("reset once", .reset, 1),
      ("truncated", .truncate(after: 10), nil), ("truncated once", .truncate(after: 10), 1),
      ("wrong bytes", .wrongBytes, nil), ("HTML", .html, nil),
      ("redirect", .redirect(to: rust.server.url + "/canary"), nil),
    ]
    if Faults.isAll { faults += [("hang", .hang, nil), ("slow", .slow(bytesPerSecond: 200), nil)] }
    return faults
  }

  @Test(.timeLimit(.minutes(60))) func itSucceedsOrSaysWhyAndTheNextOneSucceeds() throws {
    let rust = try Rust.own()
    defer { rust.server.stop() }
    try FaultApp.publish(to: rust)
    let app = try FaultApp(rust)
    let platform = try Platform(rust: rust)
    #expect(try platform.deploy(.package(), process: ["RUST_SKIP_BUILD": "1"]).exitCode == 0)
    let installed = platform.folder + "/installed"
    try shell("cp -a \"$1\" \"$2\"", platform.cache, installed)
    let mark = platform.folder + "/canary-was-run"
    try Data("#!/bin/sh\n: >'\(mark)'\n".utf8).write(to: URL(fileURLWithPath: rust.mirror.directory + "/canary"))

    let cases = Self.places.flatMap { place in Self.faults(rust).map { (place, $0) } }
    for (place, (name, fault, times)) in Faults.cut(cases, to: 12, "network") {
      Faults.attempt("Network", "\(place.name): \(name)") {
        try shell("rm -rf \"$1\" && mkdir \"$1\"", platform.cache)
        if place.isInstalled { try shell("cp -a \"$2/.\" \"$1\"", platform.cache, installed) }
        rust.server.inject(fault, at: place.path, times: times)
        defer { rust.server.clearFaults() }
        let met = try platform.deploy(app.app("met"), process: Self.patience)
        if let trouble = Self.trouble(met, mark) { return trouble }
        if let limit = place.limit,
          !met.lines.contains(where: { $0.hasPrefix(limit.line) && $0.hasSuffix(limit.words) })
        {
          return "no limit of time is announced: \(met.log)"
        }
        let mustSucceed = times == 1 || place.isInstalled && place.path.hasPrefix("/dist")
        if mustSucceed, met.exitCode != 0, place.path.hasPrefix("/rustup") || place.isInstalled { return met.log }
        rust.server.clearFaults()
        return try platform.deploy(app.app("healthy")).trouble(printing: "healthy")
      }
    }
  }

  @Test func serversThatAreNotThere() throws {
    let rust = try Rust.own()
    defer { rust.server.stop() }
    try FaultApp.publish(to: rust)
    let app = try FaultApp(rust)
    let platform = try Platform(rust: rust)
    let mark = platform.folder + "/canary-was-run"
    let addresses = [("refused", "http://127.0.0.1:\(try freePort())"), ("DNS", "http://no-such-host.invalid")]
    for (name, address) in addresses {
      for isInstalled in [false, true] {
        Faults.attempt("Network", "rust-lang.org: \(name)\(isInstalled ? ", toolchain cached" : "")") {
          if !isInstalled { try platform.clearCache() }
          var process: [String: String?] = ["RUSTUP_DIST_SERVER": address, "RUSTUP_UPDATE_ROOT": address + "/rustup"]
          process.merge(Self.patience) { $1 }
          let met = try platform.deploy(app.app("met"), process: process)
          if let trouble = Self.trouble(met, mark) { return trouble }
          if (met.exitCode == 0) != isInstalled { return met.log }
          return try platform.deploy(app.app("healthy")).trouble(printing: "healthy")
        }
      }
      Faults.attempt("Network", "crates.io: \(name)") {
        try shell("rm -f \"$1\"/crates-* \"$1\"/dependencies-* \"$1\"/own-*", platform.rustCache)
        try CrateRegistry.configure(platform.builds, url: address)
        defer { try? CrateRegistry.configure(platform.builds, url: rust.server.url) }
        let met = try platform.deploy(app.app("met"), process: Self.patience)
        if let trouble = Self.trouble(met, mark) { return trouble }
        if met.exitCode == 0 { return "it succeeded without its crate" }
        try CrateRegistry.configure(platform.builds, url: rust.server.url)
        return try platform.deploy(app.app("healthy")).trouble(printing: "healthy")
      }
    }
    Faults.attempt("Network", "a program in the place of rustup-init") {
      try platform.clearCache()
      let canary = platform.folder + "/canary"
      try Data("#!/bin/sh\n: >'\(mark)'\n".utf8).write(to: URL(fileURLWithPath: canary))
      let (version, host) = (rust.toolchain.rustupVersion, rust.toolchain.host)
      try rust.mirror.setRustup(canary, version: version, host: host)
      let met = try platform.deploy(app.app("met"), process: Self.patience)
      if met.exitCode == 0 { return "it succeeded" }
      if let trouble = Self.trouble(met, mark) { return trouble }
      try rust.mirror.setRustup(rust.toolchain.rustup, version: version, host: host)
      return try platform.deploy(app.app("healthy")).trouble(printing: "healthy")
    }
  }

  /// Why a deployment that met a fault was lost.
  private static func trouble(_ met: Deployment, _ mark: String) -> String? {
    if FileManager.default.fileExists(atPath: mark) { return "it ran what nobody verified: \(met.log)" }
    if met.compilation.seconds > bound { return "it took \(met.compilation.seconds) s: \(met.log)" }
    if met.exitCode == 0 { return met.trouble(printing: "met") }
    return met.exitCode == 1 && met.log.contains("\n !     ") ? nil : "exit \(met.exitCode): \(met.log)"
  }
}
