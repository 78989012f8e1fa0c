import Foundation

/// A TCP port of this machine.
struct Port: Equatable {
  var number: UInt16

  /// A port that nobody uses now.
  static func free() throws(Failure) -> Port {
    guard let number = bound(to: 0) else { throw .portTaken(0) }
    return Port(number: number)
  }

  /// Whether a process could listen on it now.
  var isFree: Bool { Self.bound(to: number) != nil }

  /// Whether a connection to it is accepted at this address of the loopback interface.
  func accepts(at host: String = "127.0.0.1") -> Bool {
    guard let socket = connected(to: host) else { return false }
    close(socket)
    return true
  }

  /// A socket connected to it, for the caller to close.
  func connected(to host: String = "127.0.0.1") -> Int32? {
    let socket = Self.newSocket()
    guard socket >= 0 else { return nil }
    let result = Self.withAddress(host, number) { connect(socket, $0, $1) }
    if result == 0 { return socket }
    close(socket)
    return nil
  }

  private static func bound(to number: UInt16) -> UInt16? {
    let socket = newSocket()
    guard socket >= 0 else { return nil }
    defer { close(socket) }
    // As servers do it: a port with old connections only is free.
    var yes: Int32 = 1
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    guard withAddress("0.0.0.0", number, { bind(socket, $0, $1) }) == 0 else { return nil }
    var address = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &address) {
      getsockname(socket, __SOCKADDR_ARG(__sockaddr_in__: $0), &size)
    }
    return result == 0 ? UInt16(bigEndian: address.sin_port) : nil
  }

  private static func newSocket() -> Int32 {
    socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
  }

  private static func withAddress(
    _ host: String,
    _ number: UInt16,
    _ body: (__CONST_SOCKADDR_ARG, socklen_t) -> Int32
  ) -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = number.bigEndian
    inet_pton(AF_INET, host, &address.sin_addr)
    return withUnsafePointer(to: &address) {
      body(__CONST_SOCKADDR_ARG(__sockaddr_in__: $0), socklen_t(MemoryLayout<sockaddr_in>.size))
    }
  }
}
