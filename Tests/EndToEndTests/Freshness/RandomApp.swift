import Foundation

/// Numbers that a seed decides.
struct SeededNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  // SplitMix64.
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  mutating func isTrue(oneIn count: Int) -> Bool { Int.random(in: 0..<count, using: &self) == 0 }
}

/// One entry of an app's sources.
enum SourceFile: Hashable {
  case file(String, isExecutable: Bool = false)
  case link(String)
  case fifo
}

/// A random workspace of tiny packages, whose binaries print what follows from every input.
struct RandomApp {
  /// What a package's build script reads, and what it says of that.
  enum Script: CaseIterable {
    /// There is none.
    case none
    /// `rerun-if-changed` on a file.
    case file
    /// `rerun-if-changed` on a directory.
    case directory
    /// Nothing said: cargo watches the whole package.
    case whole
    /// Writes the absolute path of a file into what the package includes.
    case absolute
  }

  struct Package {
    let name: String
    /// Relative to the app, with a slash behind it; empty for an app of one package.
    let folder: String
    let isMacro: Bool
    let hasBinary: Bool
    let dependencies: [String]
    let script: Script
    let includesShared: Bool
    let includesLink: Bool
    let includesThroughLinkedFolder: Bool
  }

  let packages: [Package]
  var binaries: [String] { packages.filter(\.hasBinary).map(\.name) }

  init(_ numbers: inout SeededNumbers) {
    let count = Int.random(in: 1...4, using: &numbers)
    var packages: [Package] = []
    for index in 0..<count {
      let isLast = index == count - 1
      let isMacro = !isLast && numbers.isTrue(oneIn: 4)
      let before = packages.map(\.name).filter { _ in !numbers.isTrue(oneIn: 3) }
      packages.append(
        Package(
          name: isMacro ? "mac-\(index)" : "pack-\(index)",
          folder: count == 1 ? "" : "p\(index)/",
          isMacro: isMacro,
          hasBinary: isLast || !isMacro && numbers.isTrue(oneIn: 4),
          dependencies: isMacro ? [] : before,
          // Most can go wrong where cargo looks at all there is.
          script: isMacro ? .none : (Script.allCases + [.whole]).randomElement(using: &numbers) ?? .none,
          includesShared: numbers.isTrue(oneIn: 2),
          includesLink: numbers.isTrue(oneIn: 2),
          includesThroughLinkedFolder: numbers.isTrue(oneIn: 2)
        )
      )
    }
    self.packages = packages
  }

  /// The packages that are compiled when `names` are.
  func closure(_ names: Set<String>) -> Set<String> {
    var found = names
    for package in packages where !found.isDisjoint(with: package.dependencies) { found.insert(package.name) }
    return found
  }

  // MARK: Sources

  /// The app as it is first deployed.
  func sources() -> [String: SourceFile] {
    var files: [String: SourceFile] = [
      "shared/x.txt": .file("x1;"), "README.md": .file("1"), "Cargo.lock": .file(lockFile),
      "junk/to-nowhere": .link("nothing"), "junk/loop": .link("loop"), "junk/up": .link(".."), "junk/pipe": .fifo,
      "junk/target/release/.fingerprint/x": .file(""), ".git/HEAD": .file("ref: refs/heads/main\n"),
    ]
    let profile = "[profile.release]\nopt-level = 0\ndebug = 0\npanic = \"abort\"\n"
    if packages.count > 1 {
      let members = packages.map { "\"\($0.folder.dropLast())\"" }.joined(separator: ", ")
      files["Cargo.toml"] = .file("[workspace]\nmembers = [\(members)]\nresolver = \"2\"\n\(profile)")
    }
    for package in packages {
      let folder = package.folder
      files[folder + "Cargo.toml"] = .file(manifest(package) + (packages.count > 1 ? "" : profile))
      files[folder + "src/text.txt"] = .file("t1;")
      files[folder + "texts/a.txt"] = .file("a1;")
      files[folder + "texts/b.txt"] = .file("b1;")
      files[folder + "src/alias.txt"] = .link("../texts/a.txt")
      files[folder + "first/t.txt"] = .file("f1;")
      files[folder + "second/t.txt"] = .file("s1;")
      files[folder + "current"] = .link("first")
      files[folder + "input.txt"] = .file("i1;")
      files[folder + "data/one.txt"] = .file("d1;")
      files[folder + "data/deep/two.txt"] = .file("d2;")
      files[folder + "src/lib.rs"] = .file(library(package, number: 1))
      if package.hasBinary { files[folder + "src/main.rs"] = .file(program(package, number: 1)) }
      if package.script != .none { files[folder + "build.rs"] = .file(script(package, number: 1)) }
    }
    return files
  }

  private var lockFile: String {
    let blocks = packages.sorted { $0.name < $1.name }.map { package in
      let list = package.dependencies.sorted().map { " \"\($0)\",\n" }.joined()
      return "\n[[package]]\nname = \"\(package.name)\"\nversion = \"0.1.0\"\n"
        + (list.isEmpty ? "" : "dependencies = [\n\(list)]\n")
    }
    return "version = 4\n" + blocks.joined()
  }

  private func manifest(_ package: Package) -> String {
    var text = "[package]\nname = \"\(package.name)\"\nversion = \"0.1.0\"\nedition = \"2021\"\n"
    if package.isMacro { text += "[lib]\nproc-macro = true\n" }
    text += "[dependencies]\n"
    for name in package.dependencies {
      let folder = packages.first { $0.name == name }?.folder.dropLast() ?? ""
      text += "\(name) = { path = \"../\(folder)\" }\n"
    }
    return text
  }

  private static func identifier(_ name: String) -> String { name.replacingOccurrences(of: "-", with: "_") }

  func library(_ package: Package, number: Int) -> String {
    if package.isMacro {
      return "use proc_macro::TokenStream;\n#[proc_macro]\npub fn m(_: TokenStream) -> TokenStream "
        + "{ \"\\\"m\(number);\\\"\".parse().unwrap() }\n"
    }
    var parts = ["\"\(package.name)=\(number);\"", "include_str!(\"text.txt\")"]
    if package.includesShared { parts.append("include_str!(\"../\(packages.count > 1 ? "../" : "")shared/x.txt\")") }
    if package.includesLink { parts.append("include_str!(\"alias.txt\")") }
    if package.includesThroughLinkedFolder { parts.append("include_str!(\"../current/t.txt\")") }
    switch package.script {
    case .none: break
    case .absolute: parts.append("include!(concat!(env!(\"OUT_DIR\"), \"/gen.rs\"))")
    case .file, .directory, .whole: parts.append("include_str!(concat!(env!(\"OUT_DIR\"), \"/gen.txt\"))")
    }
    for name in package.dependencies {
      parts.append(name.hasPrefix("mac") ? "\(Self.identifier(name))::m!()" : "&\(Self.identifier(name))::v()")
    }
    return "pub fn v() -> String { let mut s = String::new(); " + parts.map { "s += \($0); " }.joined() + "s }\n"
  }

  func program(_ package: Package, number: Int) -> String {
    "fn main() { print!(\"main\(number);{}\", \(Self.identifier(package.name))::v()) }\n"
  }

  func script(_ package: Package, number: Int) -> String {
    let out = "std::path::Path::new(&std::env::var(\"OUT_DIR\").unwrap())"
    let head = "use std::fs;\nfn main() {\n  let mut s = String::from(\"g\(number);\");\n"
    let listing = """
        fn list(d: &std::path::Path, s: &mut String) {
          let mut l: Vec<_> = fs::read_dir(d).unwrap().map(|e| e.unwrap().path()).collect();
          l.sort();
          for p in l {
            *s += p.file_name().unwrap().to_str().unwrap();
            if p.is_dir() { list(&p, s) } else { *s += &fs::read_to_string(&p).unwrap() }
          }
        }
        list(std::path::Path::new("data"), &mut s);\n
      """
    let body =
      switch package.script {
      case .none: ""
      case .file:
        "  println!(\"cargo:rerun-if-changed=input.txt\");\n  s += &fs::read_to_string(\"input.txt\").unwrap();\n"
      case .directory: "  println!(\"cargo:rerun-if-changed=data\");\n" + listing
      case .whole: listing
      case .absolute:
        "  println!(\"cargo:rerun-if-changed=build.rs\");\n  let d = std::env::var(\"CARGO_MANIFEST_DIR\").unwrap();\n"
          + "  let t = format!(\"concat!({:?}, include_str!(\\\"{}/input.txt\\\"))\", s, d);\n"
          + "  fs::write(\(out).join(\"gen.rs\"), t).unwrap();\n"
      }
    return head + body + "  fs::write(\(out).join(\"gen.txt\"), s).unwrap();\n}\n"
  }

  // MARK: What must come of it

  /// What a binary prints when it is built of the sources in `folder`, worked out without cargo.
  func expectedOutput(of binary: String, in folder: String) throws -> String {
    guard let package = packages.first(where: { $0.name == binary }) else { throw Failure("no package \(binary)") }
    let text = try String(contentsOfFile: "\(folder)/\(package.folder)src/main.rs", encoding: .utf8)
    return try Self.word(after: "print!(\"", in: text, upTo: "{}") + value(of: package, in: folder)
  }

  private func value(of package: Package, in folder: String) throws -> String {
    func read(_ path: String) throws -> String { try String(contentsOfFile: "\(folder)/\(path)", encoding: .utf8) }
    let base = package.folder
    let source = try read(base + "src/lib.rs")
    if package.isMacro { return try Self.word(after: "{ \"\\\"", in: source, upTo: "\\\"") }
    var value = try Self.word(after: "s += \"", in: source, upTo: "\"") + read(base + "src/text.txt")
    if package.includesShared { value += try read("shared/x.txt") }
    if package.includesLink { value += try read(base + "src/alias.txt") }
    if package.includesThroughLinkedFolder { value += try read(base + "current/t.txt") }
    if package.script != .none {
      value += try Self.word(after: "String::from(\"", in: read(base + "build.rs"), upTo: "\"")
    }
    switch package.script {
    case .none: break
    case .file, .absolute: value += try read(base + "input.txt")
    case .directory, .whole: value += try Self.listing("\(folder)/\(base)data")
    }
    for name in package.dependencies {
      if let other = packages.first(where: { $0.name == name }) { value += try self.value(of: other, in: folder) }
    }
    return value
  }

  private static func listing(_ folder: String) throws -> String {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map { name in
      var isDirectory: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: "\(folder)/\(name)", isDirectory: &isDirectory)
      return try name
        + (isDirectory.boolValue
          ? listing("\(folder)/\(name)") : String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8))
    }.joined()
  }

  private static func word(after mark: String, in text: String, upTo end: String) throws -> String {
    guard let start = text.range(of: mark), let stop = text[start.upperBound...].range(of: end) else {
      throw Failure("no \(mark) in \(text)")
    }
    return String(text[start.upperBound..<stop.lowerBound])
  }
}
