import Foundation

/// What a web process answered.
struct HTTPAnswer: Equatable {
  var statusLine: String
  var status: Int
  var body: [UInt8]

  /// Reads what has come so far; nil as long as it is no whole response.
  ///
  /// Without a Content-Length the body goes on until the connection's end, as HTTP/1.0 has it.
  init?(_ bytes: [UInt8], isClosed: Bool) {
    let blankLine = Array("\r\n\r\n".utf8)
    guard let headEnd = bytes.indices.first(where: { bytes[$0...].starts(with: blankLine) }) else { return nil }
    let lines = String(decoding: bytes[..<headEnd], as: UTF8.self).components(separatedBy: "\r\n")
    let words = lines[0].split(separator: " ", maxSplits: 2)
    guard words.count >= 2, words[0].hasPrefix("HTTP/"), let status = Int(words[1]) else { return nil }
    let body = bytes[(headEnd + blankLine.count)...]
    let length = Self.contentLength(among: lines.dropFirst())
    guard isClosed || length.map({ body.count >= $0 }) ?? false else { return nil }
    self.statusLine = lines[0]
    self.status = status
    self.body = Array(length.map { body.prefix(max(0, $0)) } ?? body)
  }

  private static func contentLength(among headers: ArraySlice<String>) -> Int? {
    for header in headers {
      let parts = header.split(separator: ":", maxSplits: 1)
      guard parts.count == 2, parts[0].lowercased() == "content-length" else { continue }
      return Int(parts[1].trimmingCharacters(in: .whitespaces))
    }
    return nil
  }
}

/// One request to a web process on this machine.
enum HTTPProbe {
  /// Asks for `/`. HTTP/1.0, so that the answer comes in one piece.
  static func get(port: Port, within seconds: Double = 30) throws(Failure) -> HTTPAnswer {
    guard let socket = port.connected() else { throw .noAnswer(reason: "the connection was refused") }
    defer { close(socket) }
    let request = "GET / HTTP/1.0\r\nHost: 127.0.0.1:\(port.number)\r\nUser-Agent: local-deploy\r\nAccept: */*\r\n\r\n"
    guard request.withCString({ send(socket, $0, request.utf8.count, Int32(MSG_NOSIGNAL)) }) > 0 else {
      throw .noAnswer(reason: "the connection was closed")
    }
    var received: [UInt8] = []
    let deadline = Date(timeIntervalSinceNow: seconds)
    while Date() < deadline {
      try Signals.wait(seconds: 0)
      var event = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
      guard poll(&event, 1, 100) > 0 else { continue }
      var buffer = [UInt8](repeating: 0, count: 65_536)
      let count = recv(socket, &buffer, buffer.count, 0)
      if count > 0 { received += buffer[..<count] }
      if let response = HTTPAnswer(received, isClosed: count <= 0) { return response }
      if count <= 0 { throw .noAnswer(reason: "the connection ended after \(received.count) bytes") }
    }
    throw .noAnswer(reason: "nothing whole within \(Int(seconds)) seconds")
  }
}
