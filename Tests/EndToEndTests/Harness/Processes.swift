import Foundation
import Glibc

/// Running processes whose command line or working directory names `folder`, as "pid command line".
func processes(in folder: String) -> [String] {
  let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
  return names.filter { Int($0) != nil }.compactMap { pid in
    guard let bytes = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline"), !bytes.isEmpty else { return nil }
    let command = String(decoding: bytes, as: UTF8.self).replacingOccurrences(of: "\0", with: " ")
    let place = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/cwd")) ?? ""
    return command.contains(folder) || place.hasPrefix(folder) ? "\(pid) \(command)" : nil
  }
}

/// The processes of `folder` that are still there after a second of grace for those that were told to end.
func processesLeft(in folder: String) -> [String] {
  let limit = Date(timeIntervalSinceNow: 1)
  while true {
    let left = processes(in: folder)
    if left.isEmpty || Date() > limit { return left }
    usleep(20_000)
  }
}

extension Program {
  /// Its children, and not theirs.
  var children: [pid_t] {
    let list = (try? String(contentsOfFile: "/proc/\(pid)/task/\(pid)/children", encoding: .utf8)) ?? ""
    return list.split(separator: " ").compactMap { pid_t($0) }
  }

  /// Where the server of its shared compile cache has its files, in the system's temporary folder; nothing without one.
  var sharedCacheFolder: String? {
    for child in children {
      let bytes = FileManager.default.contents(atPath: "/proc/\(child)/cmdline") ?? Data()
      let words = bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
      if let index = words.firstIndex(of: "--shared-compile-cache"), index + 1 < words.count { return words[index + 1] }
    }
    return nil
  }
}

/// A port of 127.0.0.1 that nobody listens on.
func freePort() throws -> Int {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
  defer { close(descriptor) }
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
  var length = socklen_t(MemoryLayout<sockaddr_in>.size)
  let isBound = withUnsafeMutablePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      bind(descriptor, __CONST_SOCKADDR_ARG(__sockaddr__: $0), length) == 0
        && getsockname(descriptor, __SOCKADDR_ARG(__sockaddr__: $0), &length) == 0
    }
  }
  guard isBound else { throw Failure("no port is free") }
  return Int(UInt16(bigEndian: address.sin_port))
}

extension Deployment {
  /// Starts a web process of the app, asks it for `path` once it accepts, and ends it; the body of its answer.
  func answer(of executable: String, path: String = "/") throws -> String {
    let port = try freePort()
    let program = try Program(
      ["\(directory)/bin/\(executable)"],
      environment: ["PATH": "/usr/bin:/bin", "PORT": "\(port)"],
      log: platform.folder + "/web.log"
    )
    defer {
      program.signal(SIGTERM)
      program.wait(timeout: 10)
    }
    let url = "http://127.0.0.1:\(port)\(path)"
    return try shell("curl -fsS --noproxy '*' --retry 50 --retry-delay 0 --retry-connrefused --max-time 10 \"$1\"", url)
  }
}
