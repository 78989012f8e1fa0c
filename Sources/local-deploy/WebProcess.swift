import Foundation

/// The app's web process: started as a container starts it, stopped as the platform stops it.
struct WebProcess {
  private let child: ChildProcess
  private let port: Port

  /// Sources the profile scripts with HOME at the app's folder, then becomes the command.
  private static let start = """
    for script in "$HOME"/.profile.d/*.sh; do if [ -r "$script" ]; then source "$script"; fi; done
    if [ -r "$HOME/.profile" ]; then source "$HOME/.profile"; fi
    unset script
    exec bash -c "$1"
    """

  init(command: String, app: String, port: Port, environment: [String: String]) throws(Failure) {
    self.port = port
    let own = ["HOME": app, "PORT": String(port.number)]
    child = try ChildProcess(
      ChildCommand(
        words: ["bash", "-c", Self.start, "bash", command],
        environment: environment.merging(own) { $1 },
        directory: app
      )
    )
  }

  /// Waits until the port accepts a connection, as long as the platform does.
  func waitUntilListening(seconds: Int = 60) throws(Failure) {
    let deadline = Date(timeIntervalSinceNow: Double(seconds))
    while !port.accepts() {
      if let status = child.ended() { throw .webEnded(status) }
      guard Date() < deadline else { throw .notListening(port: port.number, seconds: seconds) }
      try Signals.wait(seconds: 0.05)
    }
  }

  /// Whether more than 127.0.0.1 is listened on: 127.0.0.2 is this machine too.
  var isReachableFromOutside: Bool { port.accepts(at: "127.0.0.2") }

  /// Returns when this tool is asked to stop.
  /// - Throws: `webEnded` when the process ends by itself.
  func serve() throws(Failure) {
    while true {
      if let status = child.ended() { throw .webEnded(status) }
      do throws(Failure) { try Signals.wait(seconds: 1) } catch { return }
    }
  }

  /// What it answers to one request for `/`.
  func answer() throws(Failure) -> HTTPAnswer {
    try HTTPProbe.get(port: port)
  }

  func stop() { child.stop() }
}
