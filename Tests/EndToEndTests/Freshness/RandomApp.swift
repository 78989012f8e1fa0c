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

  /// A file's content.
  var text: String? {
    if case .file(let text, _) = self { text } else { nil }
  }
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
    /// `rerun-if-changed` on the package's folder by its absolute path.
    case absoluteFolder
    /// `rerun-if-changed` on a file that may not be there: then it runs every time.
    case missing
    /// Nothing said: cargo watches the whole package.
    case whole
    /// Writes the absolute path of a file, as cargo gives it, into what the package includes.
    case absolute
    /// The same with the real path, which is another one on every deployment.
    case real
    /// Reads through the path that was compiled into itself.
    case baked
    /// Writes a source file beside the committed ones, or over one that is committed.
    case generated
    /// Runs what cargo makes of a crate in the package's folder.
    case inner

    /// Whether it writes among the sources.
    var writesSources: Bool { self == .generated }
  }

  /// What a procedural macro reads in the folder of the package that expands it; cargo is not told.
  enum Reading: CaseIterable { case nothing, file, folder }

  /// Whether `bin/pre_compile` builds and runs a program that writes a source file, and where that program stands.
  enum Hook: CaseIterable { case none, member, ownWorkspace }

  struct Package {
    let name: String
    /// Relative to the app, with a slash behind it; empty for an app of one package.
    let folder: String
    /// For a procedural macro.
    let reading: Reading?
    let hasBinary: Bool
    let dependencies: [String]
    let script: Script
    let includesShared: Bool
    let includesLink: Bool
    let includesThroughLinkedFolder: Bool
    /// Whether it includes what the app's script wrote.
    let includesHooked: Bool
    /// Whether it depends on the crate that the script's program uses.
    let usesShared: Bool
    /// Whether it depends on a crate that is not the app's.
    let usesWords: Bool

    var isMacro: Bool { reading != nil }
  }

  let packages: [Package]
  let hook: Hook
  let words: WordCrate
  var binaries: [String] { packages.filter(\.hasBinary).map(\.name) }

  init(_ numbers: inout SeededNumbers, _ supply: WordSupply) {
    let count = Int.random(in: 1...4, using: &numbers)
    hook = count == 1 ? .none : Hook.allCases.randomElement(using: &numbers) ?? .none
    words = WordCrate(WordCrate.Origin.allCases.randomElement(using: &numbers) ?? .none, supply)
    var packages: [Package] = []
    for index in 0..<count {
      let isLast = index == count - 1
      let isMacro = !isLast && numbers.isTrue(oneIn: 3)
      let before = packages.map(\.name).filter { _ in !numbers.isTrue(oneIn: 3) }
      packages.append(
        Package(
          name: isMacro ? "mac-\(index)" : "pack-\(index)",
          folder: count == 1 ? "" : "p\(index)/",
          reading: isMacro ? Reading.allCases.randomElement(using: &numbers) : nil,
          hasBinary: isLast || !isMacro && numbers.isTrue(oneIn: 4),
          dependencies: isMacro ? [] : before,
          // Most can go wrong where cargo looks at all there is.
          script: isMacro ? .none : (Script.allCases + [.whole]).randomElement(using: &numbers) ?? .none,
          includesShared: numbers.isTrue(oneIn: 2),
          includesLink: numbers.isTrue(oneIn: 2),
          includesThroughLinkedFolder: numbers.isTrue(oneIn: 2),
          includesHooked: hook != .none && !isMacro && isLast,
          usesShared: hook != .none && !isMacro && numbers.isTrue(oneIn: 2),
          usesWords: words.origin != .none && !isMacro && (isLast || numbers.isTrue(oneIn: 2))
        )
      )
    }
    self.packages = packages
  }

  /// Whether the program of the app's script depends on the crate that is not the app's.
  var hookUsesWords: Bool { hook == .member && words.origin != .none }

  /// For the history.
  var description: String {
    let list = packages.map { package in
      let kind = package.reading.map { "reads \($0)" } ?? "\(package.script)"
      return "\(package.name)(\(kind)\(package.hasBinary ? ", binary" : "")) -> \(package.dependencies)"
    }
    return "app: \(list.joined(separator: "; ")); hook: \(hook); words: \(words.origin)"
  }

  /// The packages that are compiled when `names` are.
  func closure(_ names: Set<String>) -> Set<String> {
    var found = names
    for package in packages {
      let isUser =
        package.usesShared && names.contains("hook-shared") || package.usesWords && names.contains(words.name)
      if isUser || !found.isDisjoint(with: package.dependencies) { found.insert(package.name) }
    }
    return found
  }

  /// Those that a binary is made of; a library that none needs is not built.
  var needed: [Package] {
    packages.filter { package in
      closure([package.name]).contains { name in packages.contains { $0.name == name && $0.hasBinary } }
    }
  }

  /// The packages that expand a macro which may read files, as far as a buildpack can know; what a git repository holds
  /// may be one.
  var readers: Set<String> {
    var macros = Set(packages.filter(\.isMacro).map(\.name))
    if words.origin == .git { macros.insert(words.name) }
    return closure(macros)
  }

  /// What no package may be taken for: crates that are not the app's, and the program of its script.
  var others: Set<String> { ["hook-shared", "gen", words.name] }

  // MARK: Sources

  /// The app as it is first deployed.
  func sources(_ numbers: inout SeededNumbers) -> [String: SourceFile] {
    var files: [String: SourceFile] = [
      "shared/x.txt": .file("x1;"), "README.md": .file("1"), "Cargo.lock": .file(lockFile(words: 1)),
      "junk/to-nowhere": .link("nothing"), "junk/loop": .link("loop"), "junk/up": .link(".."), "junk/pipe": .fifo,
      "junk/target/release/.fingerprint/x": .file(""), ".git/HEAD": .file("ref: refs/heads/main\n"),
    ]
    if packages.count > 1 { files["Cargo.toml"] = .file(workspaceManifest + profiles) }
    for package in packages {
      let folder = package.folder
      files[folder + "Cargo.toml"] = .file(manifest(package) + (packages.count > 1 ? "" : profiles))
      files[folder + "src/text.txt"] = .file("t1;")
      files[folder + "texts/a.txt"] = .file("a1;")
      files[folder + "texts/b.txt"] = .file("b1;")
      files[folder + "src/alias.txt"] = .link("../texts/a.txt")
      files[folder + "first/t.txt"] = .file("f1;")
      files[folder + "second/t.txt"] = .file("s1;")
      files[folder + "current"] = .link("first")
      files[folder + "input.txt"] = .file("i1;")
      files[folder + "notes.txt"] = .file("n1;")
      files[folder + "migrations/1.sql"] = .file("q1;")
      files[folder + "data/one.txt"] = .file("d1;")
      files[folder + "data/deep/two.txt"] = .file("d2;")
      files[folder + "src/lib.rs"] = .file(library(package, number: 1))
      if package.hasBinary { files[folder + "src/main.rs"] = .file(program(package, number: 1)) }
      if package.script != .none { files[folder + "build.rs"] = .file(script(package, number: 1)) }
      if package.script == .inner {
        files[folder + "inner/Cargo.toml"] = .file(Self.head("inner") + "[workspace]\n")
        files[folder + "inner/Cargo.lock"] = .file(Self.lockHead + Self.locked("inner"))
        files[folder + "inner/src/main.rs"] = .file(Self.inner(1))
      }
      if package.script.writesSources, numbers.isTrue(oneIn: 2) {
        files[folder + "src/made.rs"] = .file(Self.made("o1;"))
      }
      if package.includesHooked, numbers.isTrue(oneIn: 2) { files[folder + "src/hooked.txt"] = .file("committed;") }
    }
    addHook(to: &files)
    words.add(1, to: &files)
    return files
  }

  private func addHook(to files: inout [String: SourceFile]) {
    guard hook != .none, let user = packages.first(where: \.includesHooked) else { return }
    let isApart = hook == .ownWorkspace
    let folder = isApart ? "tools/gen" : "gen"
    let output = "\(user.folder)src/hooked.txt"
    let run = "cargo run --release -p gen"
    let line = isApart ? "(cd tools && \(run)) >\(output)\n" : "\(run) >\(output)\n"
    files["bin/pre_compile"] = .file("#!/bin/sh\nset -e\n" + line, isExecutable: true)
    let up = isApart ? "../.." : ".."
    files[folder + "/Cargo.toml"] = .file(
      Self.head("gen") + "[dependencies]\nhook-shared = { path = \"\(up)/hook-shared\" }\n"
        + (hookUsesWords ? words.dependency : "")
    )
    files[folder + "/src/main.rs"] = .file(generator(1))
    files["hook-shared/Cargo.toml"] = .file(Self.head("hook-shared"))
    files["hook-shared/src/lib.rs"] = .file(Self.hookShared(1))
    guard isApart else { return }
    files["tools/Cargo.toml"] = .file("[workspace]\nmembers = [\"gen\"]\nresolver = \"2\"\n" + profiles)
    files["tools/Cargo.lock"] = .file(
      Self.lockHead + Self.locked("gen", ["hook-shared"]) + Self.locked("hook-shared")
    )
  }
}
