import Foundation
import StandIns
import Testing

/// The server that the other end-to-end tests rely on, asked by the real curl.
@Suite struct LoopbackServerTests {
  private func curl(_ arguments: [String]) throws -> ToolRun {
    try ToolRun(["curl", "--silent", "--show-error", "--noproxy", "*"] + arguments, timeout: 30)
  }

  @Test func servesFilesBelowItsRoot() throws {
    let folder = try temporaryFolder("server")
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try "hello".write(toFile: folder + "/a file", atomically: true, encoding: .utf8)
    let server = try LoopbackServer(root: folder)
    defer { server.stop() }

    let twice = try curl(["--verbose", server.url + "/a%20file", server.url + "/./a%20file"])
    #expect(twice.output == "hellohello")
    #expect(twice.errors.contains("Re-using existing"), "two requests on one connection")
    #expect(try curl(["-H", "Connection: close", server.url + "/a%20file"]).output == "hello")
    #expect(try curl(["--http1.0", server.url + "/a%20file"]).output == "hello")
    #expect(try curl(["--head", server.url + "/a%20file"]).output.contains("Content-Length: 5\r\n"))
    #expect(try curl(["--fail", server.url + "/other"]).status == 22)
    #expect(try curl(["--fail", server.url + "/"]).status == 22)
    #expect(try curl(["--fail", "--path-as-is", server.url + "/../../../etc/passwd"]).status == 22)
    #expect(try curl(["--fail", "-d", "x=1", server.url + "/a%20file"]).status == 22)
    #expect(server.requests.filter { $0 == "GET /a file" }.count == 4)
  }

  @Test func aHandlerComesBeforeTheFiles() throws {
    let server = try LoopbackServer { request in
      request.path == "/echo" ? HTTPResponse(text: String(decoding: request.body, as: UTF8.self)) : nil
    }
    defer { server.stop() }
    #expect(try curl(["-d", "abc", server.url + "/echo"]).output == "abc")
    #expect(try curl(["--fail", server.url + "/"]).status == 22)
  }

  @Test func aTakenPortIsReplaced() throws {
    let first = try LoopbackServer()
    let second = try LoopbackServer(preferredPort: first.port)
    #expect(first.port != second.port)
    let port = first.port
    first.stop()
    second.stop()
    let third = try LoopbackServer(preferredPort: port)
    #expect(third.port == port)
    third.stop()
  }

  /// Each fault and the exit code that it makes curl end with.
  static let faults: [(Fault, Int32)] = [
    (.status(503), 22), (.reset, 56), (.truncate(after: 3), 18), (.hang, 28), (.html, 0), (.wrongBytes, 0),
    (.slow(bytesPerSecond: 10), 28), (.redirect(to: "/elsewhere"), 47),
  ]

  @Test(arguments: faults)
  func playsFaults(fault: Fault, status: Int32) throws {
    let server = try LoopbackServer { _ in HTTPResponse(text: "twenty bytes of text") }
    defer { server.stop() }
    server.inject(fault, at: "/faulty", times: 1)
    let fails = try curl(["--fail", "--location", "--max-redirs", "0", "--max-time", "1", server.url + "/faulty"])
    #expect(fails.status == status, "\(fails.errors)")
    switch fault {
    case .wrongBytes: #expect(fails.output.utf8.count >= 20 && fails.output != "twenty bytes of text")
    case .html: #expect(fails.output.hasPrefix("<!DOCTYPE html>"))
    case .truncate: #expect(fails.output == "twe")
    default: break
    }
    #expect(try curl([server.url + "/faulty"]).output == "twenty bytes of text", "once and no more")
  }

  @Test func theNewestFaultCountsAndFaultsCanBeCleared() throws {
    let server = try LoopbackServer { _ in HTTPResponse(text: "fine") }
    defer { server.stop() }
    server.inject(.status(500), at: "/")
    server.inject(.status(404), at: "/a")
    func code(_ path: String) throws -> String {
      try curl(["-o", "/dev/null", "-w", "%{http_code}", server.url + path]).output
    }
    #expect(try [code("/a"), code("/b")] == ["404", "500"])
    server.clearFaults()
    #expect(try code("/a") == "200")
  }

  @Test func stopsAtOnceWhileAClientHangs() throws {
    let server = try LoopbackServer()
    server.inject(.hang, at: "/")
    let client = Thread { [url = server.url] in _ = try? ToolRun(["curl", "-s", "--max-time", "20", url]) }
    client.start()
    while server.requests.isEmpty { usleep(1000) }
    let start = Date()
    server.stop()
    #expect(Date().timeIntervalSince(start) < 1)
  }
}
