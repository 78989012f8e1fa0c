import Foundation
import Glibc

/// A small HTTP/1.1 server on 127.0.0.1 that records its requests and plays faults on request.
///
/// Serves until `stop()`, which closes every connection, also those that hang.
package final class LoopbackServer: @unchecked Sendable {
  /// Answers a request, or nil to leave it to the files.
  package typealias Handler = @Sendable (HTTPRequest) -> HTTPResponse?

  /// The port that the server listens on.
  package let port: Int
  private let listener: Int32
  private let root: String?
  private let handler: Handler?
  private let condition = NSCondition()
  private var connections: Set<Int32> = []
  private var recorded: [String] = []
  private var faults = FaultTable()
  private var isStopped = false
  private var isAccepting = true

  /// Starts to serve `handler`'s answers and the files below `root`.
  ///
  /// Listens on `preferredPort` if that is free, else on any port.
  package init(root: String? = nil, preferredPort: Int = 0, handler: Handler? = nil) throws {
    self.root = root
    self.handler = handler
    guard let (descriptor, port) = Self.listen(port: preferredPort) ?? Self.listen(port: 0) else {
      throw StandInError("cannot listen on 127.0.0.1: \(String(cString: strerror(errno)))")
    }
    listener = descriptor
    self.port = port
    Thread.detachNewThread { [self] in accept() }
  }

  /// `http://127.0.0.1:PORT`.
  package var url: String { "http://127.0.0.1:\(port)" }

  /// Every request so far, as `GET /path`.
  package var requests: [String] { condition.withLock { recorded } }

  /// Forgets the requests so far.
  package func clearRequests() {
    condition.withLock { recorded.removeAll() }
  }

  /// Plays `fault` for paths that begin with `prefix`: `times` times, or until `clearFaults()`.
  package func inject(_ fault: Fault, at prefix: String, times: Int? = nil) {
    condition.withLock { faults.add(fault, at: prefix, times: times) }
  }

  /// Plays no fault any more.
  package func clearFaults() {
    condition.withLock { faults.removeAll() }
  }

  /// Closes the port and every connection; returns when all of them are closed.
  package func stop() {
    condition.lock()
    defer { condition.unlock() }
    if !isStopped {
      isStopped = true
      shutdown(listener, Int32(SHUT_RDWR))
      for connection in connections { shutdown(connection, Int32(SHUT_RDWR)) }
    }
    let limit = Date(timeIntervalSinceNow: 5)
    while isAccepting || !connections.isEmpty, condition.wait(until: limit) {}
  }

  func answer(_ request: HTTPRequest) -> (HTTPResponse, Fault?) {
    let fault = condition.withLock {
      recorded.append("\(request.method) \(request.path)")
      return faults.take(for: request.path)
    }
    if let response = handler?(request) { return (response, fault) }
    guard request.method == "GET" || request.method == "HEAD" else {
      return (HTTPResponse(status: 405, text: "only GET and HEAD\n"), fault)
    }
    guard let root else { return (HTTPResponse(status: 404, text: "not found: \(request.path)\n"), fault) }
    return (.file(at: request.path, below: root), fault)
  }

  private func accept() {
    while true {
      let descriptor = accept4(listener, __SOCKADDR_ARG(__sockaddr__: nil), nil, Int32(SOCK_CLOEXEC.rawValue))
      if descriptor < 0 {
        if errno == EINTR || errno == ECONNABORTED { continue }
        break
      }
      let isWelcome = condition.withLock {
        if !isStopped { connections.insert(descriptor) }
        return !isStopped
      }
      guard isWelcome else {
        close(descriptor)
        continue
      }
      Thread.detachNewThread { [self] in
        Connection(descriptor: descriptor).serve { self.answer($0) }
        finish(descriptor)
      }
    }
    close(listener)
    condition.withLock {
      isAccepting = false
      condition.broadcast()
    }
  }

  private func finish(_ descriptor: Int32) {
    condition.withLock {
      connections.remove(descriptor)
      close(descriptor)
      condition.broadcast()
    }
  }

  private static func listen(port: Int) -> (descriptor: Int32, port: Int)? {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return nil }
    var yes: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(truncatingIfNeeded: port)).bigEndian
    address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isOpen = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, __CONST_SOCKADDR_ARG(__sockaddr__: $0), length) == 0 && Glibc.listen(descriptor, 128) == 0
          && getsockname(descriptor, __SOCKADDR_ARG(__sockaddr__: $0), &length) == 0
      }
    }
    guard isOpen else {
      close(descriptor)
      return nil
    }
    return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
  }
}
