import Foundation
import Glibc

/// One client's connection: reads requests and sends answers until either side has enough.
struct Connection {
  let descriptor: Int32

  func serve(_ answer: (HTTPRequest) -> (HTTPResponse, Fault?)) {
    var yes: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
    var buffer = Data()
    while let request = read(&buffer) {
      let (response, fault) = answer(request)
      guard send(response, to: request, fault: fault), request.keepsAlive else { break }
    }
  }

  // MARK: Reading

  private func read(_ buffer: inout Data) -> HTTPRequest? {
    let end = Data("\r\n\r\n".utf8)
    while true {
      if let range = buffer.range(of: end) {
        let header = String(decoding: buffer[buffer.startIndex..<range.lowerBound], as: UTF8.self)
        guard let bare = HTTPRequest(header: header, body: Data()) else { return nil }
        let length = bare.headers["content-length"].flatMap(Int.init) ?? 0
        while buffer.endIndex - range.upperBound < length { guard receive(&buffer) else { return nil } }
        let body = Data(buffer[range.upperBound..<(range.upperBound + length)])
        buffer = Data(buffer[(range.upperBound + length)...])
        return HTTPRequest(header: header, body: body)
      }
      guard buffer.count < 65_536, receive(&buffer) else { return nil }
    }
  }

  private func receive(_ buffer: inout Data) -> Bool {
    var chunk = [UInt8](repeating: 0, count: 16_384)
    while true {
      let count = recv(descriptor, &chunk, chunk.count, 0)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return false }
      buffer.append(contentsOf: chunk[0..<count])
      return true
    }
  }

  // MARK: Answering

  /// Sends an answer; true when the connection can be used for another request.
  private func send(_ response: HTTPResponse, to request: HTTPRequest, fault: Fault?) -> Bool {
    var response = response
    switch fault {
    case nil, .slow: break
    case .status(let status): response = HTTPResponse(status: status, text: "a fault on request: \(status)\n")
    case .html: response = HTTPResponse(type: "text/html", text: "<!DOCTYPE html><title>Please log in</title>\n")
    case .redirect(let address): response = HTTPResponse(status: 302, headers: ["Location": address], text: "")
    case .wrongBytes: response.body = Data(response.body.prefix(1024).map { ~$0 }) + response.body.dropFirst(1024)
    case .truncate(let count):
      _ = write(response.header(keepsAlive: false) + response.body.prefix(count))
      return false
    case .reset:
      var option = linger(l_onoff: 1, l_linger: 0)
      setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
      return false
    case .hang:
      while !isClosed(afterMilliseconds: 60_000) {}
      return false
    }
    guard write(response.header(keepsAlive: request.keepsAlive)) else { return false }
    guard request.method != "HEAD" else { return true }
    guard case .slow(let bytesPerSecond) = fault else { return write(response.body) }
    let step = max(1, bytesPerSecond / 10)
    for start in stride(from: 0, to: response.body.count, by: step) {
      guard write(response.body.dropFirst(start).prefix(step)), !isClosed(afterMilliseconds: 100) else { return false }
    }
    return true
  }

  /// Waits; true as soon as either side has closed the connection.
  private func isClosed(afterMilliseconds milliseconds: Int32) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLRDHUP), revents: 0)
    return poll(&entry, 1, milliseconds) > 0
  }

  private func write(_ data: Data) -> Bool {
    data.withUnsafeBytes { bytes in
      var offset = 0
      while offset < bytes.count {
        let rest = UnsafeRawBufferPointer(rebasing: bytes[offset...])
        let count = Glibc.send(descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return false }
        offset += count
      }
      return true
    }
  }
}
