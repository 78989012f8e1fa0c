import Foundation
import Glibc
import StandIns
import Testing

/// A server of rustup's that leads from HTTPS to plain HTTP: not followed.
@Suite(.needsStandIns) struct DowngradeNetworkFaultTests {
  /// A proxy that answers for every HTTPS server itself: with a redirect to its fourth argument.
  private static let proxy = """
    import socket, ssl, sys
    port_file, certificate, key, address = sys.argv[1:]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    listener = socket.create_server(("127.0.0.1", 0))
    open(port_file + ".draft", "w").write(str(listener.getsockname()[1]))
    import os; os.rename(port_file + ".draft", port_file)
    while True:
        try:
            connection, _ = listener.accept()
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 Connection established\\r\\n\\r\\n")
            with context.wrap_socket(connection, server_side=True) as secure:
                print(secure.recv(65536).decode().split("\\r\\n")[0], flush=True)
                secure.sendall(f"HTTP/1.1 302 Found\\r\\nLocation: {address}\\r\\nContent-Length: 0\\r\\n\\r\\n".encode())
        except OSError as error:
            print(error, flush=True)
    """

  @Test func isNotFollowed() throws {
    let platform = try Platform()
    let (certificate, key) = (platform.folder + "/certificate.pem", platform.folder + "/key.pem")
    let makeCertificate =
      "command -v python3 && openssl req -x509 -newkey rsa:2048 -nodes -keyout \"$2\" -out \"$1\" -days 2 "
      + "-subj /CN=static.rust-lang.org -addext subjectAltName=DNS:static.rust-lang.org"
    guard (try? shell(makeCertificate, certificate, key)) != nil else {
      print("SKIPPED: a redirect from HTTPS to HTTP: python3 and openssl are needed")
      return
    }
    let mark = platform.folder + "/canary-was-run"
    try makeFolder(platform.folder + "/served")
    try Data("#!/bin/sh\n: >'\(mark)'\n".utf8).write(to: URL(fileURLWithPath: platform.folder + "/served/canary"))
    let plain = try LoopbackServer(root: platform.folder + "/served")
    defer { plain.stop() }
    let portFile = platform.folder + "/port"
    let program = try Program(
      ["/usr/bin/env", "python3", "-c", Self.proxy, portFile, certificate, key, plain.url + "/canary"],
      environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"],
      log: platform.folder + "/proxy.log"
    )
    defer {
      program.signal(SIGTERM)
      program.wait(timeout: 10)
    }
    let limit = Date(timeIntervalSinceNow: 20)
    while !FileManager.default.fileExists(atPath: portFile), Date() < limit { usleep(10_000) }
    let port = try String(contentsOfFile: portFile, encoding: .utf8)
    Faults.attempt("Network", "rustup-init: a redirect from HTTPS to HTTP") {
      let met = try platform.deploy(
        .package(),
        process: [
          "RUSTUP_UPDATE_ROOT": nil, "RUSTUP_DIST_SERVER": nil, "HTTPS_PROXY": "http://127.0.0.1:\(port)",
          "CURL_CA_BUNDLE": certificate,
        ]
      )
      if FileManager.default.fileExists(atPath: mark) { return "it ran what nobody verified: \(met.log)" }
      if !program.log.contains("GET /rustup/archive/") { return "the server was not asked: \(program.log)\(met.log)" }
      if !plain.requests.isEmpty { return "it followed: \(plain.requests)" }
      let words = "The installer of Rust could not be downloaded"
      if met.exitCode != 1 || !met.log.contains(words) { return "exit \(met.exitCode): \(met.log)" }
      return try platform.deploy(.package(printing: "healthy")).trouble(printing: "healthy")
    }
  }
}
