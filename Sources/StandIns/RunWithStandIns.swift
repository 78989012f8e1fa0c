import Foundation
import Glibc

/// Runs a command while the stand-ins are served; the command's exit code, or 2 for arguments that mean nothing.
///
/// Arguments: `[--port N] [--full] [--nightly] [--crates] [--crates-from DIR] [--cache DIR] -- COMMAND …`. With
/// `--nightly`, this machine's nightly is offered, too, if there is one. The command gets
/// `RUSTUP_DIST_SERVER`, `RUSTUP_UPDATE_ROOT`, and in `RUST_STAND_IN_CARGO_CONFIG` the path of a `config.toml` to be
/// copied to the folder `.cargo` of a parent of the app.
package func runWithStandIns(arguments: [String]) -> Int32 {
  do {
    let options = try StandInOptions(arguments)
    let folder = try temporaryFolder("served")
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let rust = try OfflineRust(
      directory: options.cache ?? folder,
      preferredPort: options.port,
      kind: options.kind,
      cache: options.cache
    )
    defer { rust.server.stop() }
    if options.hasNightly, let nightly = try InstalledToolchain.all().first(where: { $0.version.hasSuffix("-nightly") })
    {
      try rust.mirror.addRelease(from: nightly, kind: options.kind)
      try rust.mirror.setChannel("nightly", to: nightly.version)
    }
    if let crates = options.crates { try rust.registry.addCrates(in: crates) }
    let configuration = folder + "/config.toml"
    try write(rust.cargoConfiguration, to: configuration)

    var environment = ProcessInfo.processInfo.environment
    for name in ["RUSTUP_AUTO_INSTALL", "RUSTUP_TOOLCHAIN"] { environment[name] = nil }
    environment.merge(rust.variables) { $1 }
    environment["RUST_STAND_IN_CARGO_CONFIG"] = configuration
    return try runInForeground(options.command, environment: environment)
  } catch {
    FileHandle.standardError.write(Data("stand-ins: \(error)\n".utf8))
    return error is StandInOptions.Misuse ? 2 : 1
  }
}

/// Runs a command while a folder is served on loopback; the command's exit code, or 2 for arguments that mean nothing.
///
/// Arguments: `FOLDER -- COMMAND …`. The command gets the folder's address in `SERVED_AT`.
package func runServing(arguments: [String]) -> Int32 {
  do {
    guard arguments.count > 2, arguments[1] == "--" else {
      throw StandInOptions.Misuse(description: "usage: serve FOLDER -- COMMAND …")
    }
    let server = try LoopbackServer(root: arguments[0])
    defer { server.stop() }
    let environment = ProcessInfo.processInfo.environment.merging(["SERVED_AT": server.url]) { $1 }
    return try runInForeground(Array(arguments[2...]), environment: environment)
  } catch {
    FileHandle.standardError.write(Data("serve: \(error)\n".utf8))
    return error is StandInOptions.Misuse ? 2 : 1
  }
}

/// The arguments of `runWithStandIns`.
struct StandInOptions {
  /// An argument that means nothing here.
  struct Misuse: Error, CustomStringConvertible {
    let description: String
  }

  private(set) var port = 0
  private(set) var kind = RustMirror.Kind.thin
  private(set) var hasNightly = false
  private(set) var crates: String?
  private(set) var cache: String?
  let command: [String]

  init(_ arguments: [String]) throws {
    let usage = "[--port N] [--full] [--nightly] [--crates] [--crates-from DIR] [--cache DIR] -- COMMAND …"
    guard let end = arguments.firstIndex(of: "--"), end + 1 < arguments.count else {
      throw Misuse(description: "usage: stand-ins \(usage)")
    }
    command = Array(arguments[(end + 1)...])
    var options = arguments[..<end]
    while let option = options.popFirst() {
      switch option {
      case "--full": kind = .full
      case "--nightly": hasNightly = true
      case "--crates": crates = crates ?? CrateRegistry.debianFolder
      case "--crates-from": crates = options.popFirst()
      case "--cache": cache = options.popFirst()
      case "--port":
        guard let text = options.popFirst(), let number = Int(text), (0...65_535).contains(number) else {
          throw Misuse(description: "--port takes a number")
        }
        port = number
      default: throw Misuse(description: "what is '\(option)'? usage: stand-ins \(usage)")
      }
    }
  }
}

/// Runs a command with this process's input and output, and hands SIGTERM and SIGHUP on to it.
///
/// SIGINT of a terminal reaches both; it is left to the command to end.
private func runInForeground(_ command: [String], environment: [String: String]) throws -> Int32 {
  let signals = [SIGTERM, SIGHUP, SIGINT]
  for number in signals { signal(number, SIG_IGN) }
  defer { for number in signals { signal(number, SIG_DFL) } }
  let child = try spawn(command, environment: environment)
  let queue = DispatchQueue(label: "signals")
  let sources = [SIGTERM, SIGHUP].map { number in
    let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
    source.setEventHandler { kill(child, number) }
    source.resume()
    return source
  }
  defer { for source in sources { source.cancel() } }
  return wait(for: child)
}
