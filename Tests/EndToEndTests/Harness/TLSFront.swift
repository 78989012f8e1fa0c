import Foundation
import Glibc
import StandIns

/// A loopback port that speaks TLS and hands everything on to another one; gone with `stop()`.
struct TLSFront {
  let port: Int
  /// The certificate, which clients must be told to trust.
  let certificate: String
  private let program: Program
  private let folder: String

  /// Whether this machine has what it is made of.
  static let isPossible = (try? shell("command -v openssl; python3 -c 'import ssl'")) != nil

  private static let script = """
    import select, socket, ssl, sys, threading

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[1])
    listener = socket.create_server(("127.0.0.1", 0))
    print(f"port {listener.getsockname()[1]} is open", flush=True)

    def serve(client):
        try:
            with context.wrap_socket(client, server_side=True) as outer, \\
                    socket.create_connection(("127.0.0.1", int(sys.argv[2]))) as inner:
                while True:
                    ready = [outer] if outer.pending() else select.select([outer, inner], [], [])[0]
                    for source in ready:
                        data = source.recv(65536)
                        if not data:
                            return
                        (inner if source is outer else outer).sendall(data)
        except OSError:
            pass

    while True:
        threading.Thread(target=serve, args=[listener.accept()[0]], daemon=True).start()
    """

  init(before server: LoopbackServer) throws {
    folder = try temporaryFolder("tls")
    certificate = folder + "/certificate.pem"
    try shell(
      """
      openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 \
        -keyout "$1/key" -out "$1/certificate.pem" 2>/dev/null; cat "$1/certificate.pem" "$1/key" >"$1/both"
      """,
      folder
    )
    program = try Program(
      ["/usr/bin/env", "python3", "-c", Self.script, folder + "/both", "\(server.port)"],
      environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"],
      log: folder + "/log"
    )
    guard program.waitForLog(" is open", timeout: 20), let port = program.log.split(separator: " ").dropFirst().first,
      let number = Int(port)
    else {
      program.signal(SIGKILL)
      program.wait(timeout: 10)
      throw Failure("no TLS: \(program.log)")
    }
    self.port = number
  }

  func stop() {
    program.signal(SIGKILL)
    program.wait(timeout: 10)
    try? FileManager.default.removeItem(atPath: folder)
  }
}
