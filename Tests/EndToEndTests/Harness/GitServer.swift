import Foundation
import StandIns

/// git's own server of its "smart" protocol, the one that hosts speak, behind a loopback server.
struct GitServer: Sendable {
  /// The folder that holds the repositories.
  let repositories: String

  /// Whether this machine's git has the program; some systems have it in a package apart.
  static let isInstalled = (try? shell("test -x \"$(git --exec-path)/git-http-backend\"")) != nil

  /// What git answers: a CGI program, started anew for each request.
  func answer(_ request: HTTPRequest) throws -> HTTPResponse {
    let folder = try temporaryFolder("git")
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try request.body.write(to: URL(fileURLWithPath: folder + "/request"))
    var environment = [
      "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": folder, "GIT_PROJECT_ROOT": repositories,
      "GIT_HTTP_EXPORT_ALL": "1", "PATH_INFO": request.path, "QUERY_STRING": request.query,
      "REQUEST_METHOD": request.method, "CONTENT_LENGTH": "\(request.body.count)", "GIT_CONFIG_COUNT": "1",
      "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*",
    ]
    for (name, field) in [
      ("CONTENT_TYPE", "content-type"), ("HTTP_CONTENT_ENCODING", "content-encoding"), ("GIT_PROTOCOL", "git-protocol"),
    ] { environment[name] = request.headers[field] }
    let script = "cd \"$1\"; exec git http-backend <request >answer"
    let run = try ToolRun(["sh", "-c", script, "sh", folder], environment: environment, timeout: 20)
    guard run.status == 0 else { throw Failure("git http-backend failed: \(run.errors)") }
    let answer = try Data(contentsOf: URL(fileURLWithPath: folder + "/answer"))
    guard let end = answer.range(of: Data("\r\n\r\n".utf8)) else { throw Failure("no header in git's answer") }
    var headers: [String: String] = [:]
    for line in String(decoding: answer[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n") {
      let parts = line.split(separator: ":", maxSplits: 1)
      headers[String(parts[0])] = parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
    }
    let status = headers.removeValue(forKey: "Status").flatMap { Int($0.prefix(3)) } ?? 200
    let type = headers.removeValue(forKey: "Content-Type") ?? "text/plain"
    return HTTPResponse(status: status, type: type, headers: headers, body: Data(answer[end.upperBound...]))
  }
}
