import Foundation
import StandIns
import Testing

/// Faults that were tried, by group; printed as a table when the process ends.
///
/// `FAULTS=all` tries everything, which takes long; else a cut is tried, chosen by `FAULTS_SEED`, which is printed.
/// `FAULTS_ONLY` tries the cases whose names contain it.
enum Faults {
  static let isAll = ProcessInfo.processInfo.environment["FAULTS"] == "all"

  private static let only = ProcessInfo.processInfo.environment["FAULTS_ONLY"]

  /// What compile itself may take at its peak, without cargo: 32 MB, in the kernel's kB. What ships is linked statically
  /// and takes some 5 MB less than what is tried here.
  static let mostMemory = 32 << 10

  /// Chooses the cut; the same seed chooses the same one.
  static let seed: UInt64 = {
    let seed = ProcessInfo.processInfo.environment["FAULTS_SEED"].flatMap(UInt64.init) ?? .random(in: 1...999_999)
    print("FAULTS_SEED=\(seed)\(isAll ? " FAULTS=all" : "")")
    return seed
  }()

  private struct Row {
    var tried = 0
    var lost = 0
    var seconds = 0.0
  }

  private static let lock = NSLock()
  nonisolated(unsafe) private static var rows: [String: Row] = [:]
  nonisolated(unsafe) private static var lostCases: [String] = []
  private static let printsAtTheEnd: Void = { atexit { Faults.printTable() } }()

  /// All cases, or so many of them, chosen by the seed and a name, in their order.
  static func cut<Case>(_ cases: [Case], to count: Int, _ name: String) -> [Case] {
    if isAll || only != nil || cases.count <= count { return cases }
    var numbers = SeededNumbers(seed: seed &+ UInt64(name.utf8.reduce(0) { $0 &* 31 &+ Int($1) } & 0xFFFF))
    return cases.indices.shuffled(using: &numbers).prefix(count).sorted().map { cases[$0] }
  }

  /// Tries one case. `body` returns why it was lost, or nothing when it was survived.
  static func attempt(_ group: String, _ name: String, _ body: () throws -> String?) {
    if let only, !name.contains(only) { return }
    _ = printsAtTheEnd
    let start = Date()
    let loss: String?
    do { loss = try body() } catch { loss = "\(error)" }
    lock.withLock {
      rows[group, default: Row()].tried += 1
      rows[group]?.seconds += Date().timeIntervalSince(start)
      if loss != nil {
        rows[group]?.lost += 1
        lostCases.append("\(group): \(name)")
      }
    }
    if let loss { Issue.record("\(group): \(name): \(loss)") }
  }

  private static func printTable() {
    func line(_ name: String, _ row: Row) -> String {
      let columns = [row.tried, row.tried - row.lost, row.lost, Int(row.seconds)].map { number in
        String(repeating: " ", count: max(1, 10 - "\(number)".count)) + "\(number)"
      }
      return "FAULTS: " + name.padding(toLength: 12, withPad: " ", startingAt: 0) + columns.joined()
    }
    var total = Row()
    print("FAULTS:                  tried  survived      lost   seconds   (seed \(seed)\(isAll ? ", all" : ""))")
    for (name, row) in rows.sorted(by: { $0.key < $1.key }) {
      print(line(name, row))
      total.tried += row.tried
      total.lost += row.lost
      total.seconds += row.seconds
    }
    print(line("all", total))
    for name in lostCases { print("FAULTS: lost: \(name)") }
  }
}

extension Deployment {
  /// Why this deployment is not the whole and correct one of an app whose `hello` prints `text`; nothing when it is.
  func trouble(printing text: String) -> String? {
    if compilation.peakMemory >= Faults.mostMemory { return "compile took \(compilation.peakMemory) kB: \(log)" }
    if exitCode != 0 { return "exit \(exitCode): \(log)" }
    let output = output(of: "hello")
    return output == text + "\n" ? nil : "it prints \(output ?? "nothing") instead of \(text): \(log)"
  }
}

/// Every file of a folder with its content, permissions and times.
func contentState(of folder: String) throws -> String {
  try shell("cd \"$1\" && find . -printf '%p %m %s %T@ ' -exec sh -c 'test -d \"$1\" || cat \"$1\"' - {} ';'", folder)
}

/// An app with a crate of a registry, a build script and a path dependency, whose `hello` prints a text.
struct FaultApp {
  /// Offers the crate `dep` that the app depends on, `other`, on which it may, and the tool `caller`.
  static func publish(to rust: OfflineRust) throws {
    let source = ["src/lib.rs": "pub fn text() -> &'static str { \"dep\" }\n"]
    try rust.registry.add(.init("dep", "1.0.0", files: source))
    try rust.registry.add(.init("other", "1.0.0", files: source))
    let tool = ["src/main.rs": "fn main() { println!(\"called\"); }\n"]
    try rust.registry.add(.init("caller", "1.0.0", files: tool))
  }

  private var lock: String

  /// Learns the lock file by a deployment on a platform of its own.
  init(_ rust: OfflineRust) throws {
    lock = ""
    let first = try Platform(rust: rust).deploy(app("learning").without("Cargo.lock"))
    guard first.exitCode == 0, let text = first.contents("Cargo.lock") else { throw Failure(first.log) }
    lock = text
  }

  /// The same with a script before the build that compiles a program of its own, and runs it.
  func withScript(_ text: String) -> App {
    app(text).with([
      "generator/Cargo.toml": "[package]\nname = \"generator\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[workspace]\n",
      "generator/Cargo.lock": App.lockFile(["generator"]),
      "generator/src/main.rs": "fn main() { std::fs::write(\"text.txt\", \"\(text)\").unwrap(); }\n",
      "text.txt": "to be generated",
      "bin/pre_compile": "cargo build -q --release --manifest-path generator/Cargo.toml && "
        + "generator/target/release/generator\n",
    ])
  }

  func app(_ text: String) -> App {
    App.package(manifest: "[dependencies]\ndep = \"1\"\ninner = { path = \"inner\" }\n")
      .with([
        "Cargo.lock": lock,
        "build.rs": "fn main() { println!(\"cargo:rerun-if-changed=text.txt\"); }\n",
        "inner/Cargo.toml": "[package]\nname = \"inner\"\nversion = \"0.1.0\"\nedition = \"2021\"\n",
        "inner/src/lib.rs": "pub const TEXT: &str = \"\(text)\";\n",
        "text.txt": text,
        "src/main.rs": """
        const HERE: &str = include_str!("../text.txt");
        fn main() {
            assert_eq!((HERE, dep::text()), (inner::TEXT, "dep"));
            println!("{HERE}");
        }
        """,
      ])
  }
}
