import Foundation

/// One request as the loopback server read it.
package struct HTTPRequest: Sendable {
  /// `GET`, `HEAD`, …
  package let method: String
  /// The path, decoded and without its query.
  package let path: String
  /// What follows the path's `?`, as it came; empty without one.
  package let query: String
  /// The header fields; their names are in lower case.
  package let headers: [String: String]
  /// What followed the header.
  package let body: Data
  let keepsAlive: Bool

  /// Reads a request's header; nil when it is none.
  init?(header: String, body: Data) {
    var lines = header.components(separatedBy: "\r\n")
    let words = lines.removeFirst().split(separator: " ")
    guard words.count == 3, words[2].hasPrefix("HTTP/1.") else { return nil }
    var headers: [String: String] = [:]
    for line in lines {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
      headers[line[..<colon].lowercased()] = value
    }
    let target = words[1].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    method = String(words[0])
    path = target[0].removingPercentEncoding ?? String(target[0])
    query = target.count > 1 ? String(target[1]) : ""
    self.headers = headers
    self.body = body
    let connection = headers["connection"]?.lowercased() ?? ""
    keepsAlive = words[2] == "HTTP/1.0" ? connection.contains("keep-alive") : !connection.contains("close")
  }
}

/// One answer of the loopback server.
package struct HTTPResponse: Sendable {
  /// 200, 404, …
  package var status: Int
  /// Header fields beside `Content-Length`, `Content-Type` and `Connection`.
  package var headers: [String: String]
  /// The `Content-Type`.
  package var type: String
  /// The content.
  package var body: Data

  /// An answer with a body of bytes.
  package init(
    status: Int = 200,
    type: String = "application/octet-stream",
    headers: [String: String] = [:],
    body: Data
  ) {
    self.status = status
    self.type = type
    self.headers = headers
    self.body = body
  }

  /// An answer of text.
  package init(status: Int = 200, type: String = "text/plain", headers: [String: String] = [:], text: String) {
    self.init(status: status, type: type, headers: headers, body: Data(text.utf8))
  }

  /// The file at `path` below `root`; 404 for anything that is no regular file there.
  package static func file(at path: String, below root: String) -> HTTPResponse {
    let parts = path.split(separator: "/").filter { $0 != "." }
    let full = root + "/" + parts.joined(separator: "/")
    var isDirectory: ObjCBool = false
    guard !parts.contains(".."), FileManager.default.fileExists(atPath: full, isDirectory: &isDirectory),
      !isDirectory.boolValue,
      let body = try? Data(contentsOf: URL(fileURLWithPath: full), options: .mappedIfSafe)
    else { return HTTPResponse(status: 404, text: "not found: \(path)\n") }
    return HTTPResponse(type: full.hasSuffix(".json") ? "application/json" : "application/octet-stream", body: body)
  }

  func header(keepsAlive: Bool) -> Data {
    var lines = ["HTTP/1.1 \(status) \(status < 400 ? "OK" : "Error")", "Content-Type: \(type)"]
    lines.append("Content-Length: \(body.count)")
    lines.append("Connection: \(keepsAlive ? "keep-alive" : "close")")
    for (name, value) in headers.sorted(by: { $0.key < $1.key }) { lines.append("\(name): \(value)") }
    return Data((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
  }
}
