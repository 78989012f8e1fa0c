import Foundation

extension RandomApp {
  /// Changes the sources at random, in a way that leaves an app that builds; what was done, for the history.
  func change(_ sources: inout [String: SourceFile], _ numbers: inout SeededNumbers) -> String {
    let package = packages.randomElement(using: &numbers) ?? packages[0]
    let folder = package.folder
    let number = Int.random(in: 1...9, using: &numbers)
    // Few names, so that what was added is often removed again.
    let added = folder + "data/more-\(number % 3).txt"
    /// A text of the same length as the others of its kind, so that no size tells them apart.
    func edit(_ path: String, _ letter: String) -> String {
      if case .link = sources[path] { return "nothing" }
      sources[path] = .file("\(letter)\(number);")
      return "edit \(path) to \(number)"
    }
    switch Int.random(in: 0..<31, using: &numbers) {
    case 0, 1:
      sources[folder + "src/lib.rs"] = .file(library(package, number: number))
      return "edit \(folder)src/lib.rs to \(number)"
    case 2:
      guard package.hasBinary else { return edit("README.md", "r") }
      sources[folder + "src/main.rs"] = .file(program(package, number: number))
      return "edit \(folder)src/main.rs to \(number)"
    case 3:
      guard package.script != .none else { return edit("README.md", "r") }
      sources[folder + "build.rs"] = .file(script(package, number: number))
      return "edit \(folder)build.rs to \(number)"
    case 4: return edit(folder + "src/text.txt", "t")
    case 5: return edit("shared/x.txt", "x")
    case 6: return edit(folder + "texts/a.txt", "a")
    case 7: return edit(folder + "second/t.txt", "s")
    case 8: return edit(folder + "input.txt", "i")
    case 9: return edit(folder + "data/deep/two.txt", "d")
    case 10: return edit(added, "d")
    case 11:
      // cargo notices by itself when the newest of a package's files is gone, and this one is rarely that.
      let path = number > 4 ? folder + "data/deep/two.txt" : added
      guard sources.removeValue(forKey: path) != nil else { return edit(path, "d") }
      return "remove \(path)"
    case 12:
      guard let content = sources.removeValue(forKey: folder + "data/one.txt") else { return back(folder, &sources) }
      sources[folder + "data/renamed.txt"] = content
      return "rename \(folder)data/one.txt"
    case 13:
      let (one, two) = (folder + "texts/a.txt", folder + "texts/b.txt")
      (sources[one], sources[two]) = (sources[two], sources[one])
      return "swap \(one) and \(two)"
    case 14:
      let alias = folder + "src/alias.txt"
      sources[alias] = .link(sources[alias] == .link("../texts/a.txt") ? "../texts/b.txt" : "../texts/a.txt")
      return "retarget \(alias) to \(sources[alias] ?? .fifo)"
    case 15:
      let current = folder + "current"
      sources[current] = .link(sources[current] == .link("first") ? "second" : "first")
      return "retarget \(current) to \(sources[current] ?? .fifo)"
    case 16:
      sources[folder + "src/alias.txt"] = .file("l\(number);")
      return "replace the link \(folder)src/alias.txt by a file"
    case 17:
      let path = folder + "src/text.txt"
      guard case .file(let text, let isExecutable) = sources[path] else { return "nothing" }
      sources[path] = .file(text, isExecutable: !isExecutable)
      return "change the mode of \(path)"
    case 18:
      let path = folder + "data/link-\(number % 2).txt"
      guard sources.removeValue(forKey: path) == nil else { return "remove the link \(path)" }
      sources[path] = .link(number > 4 ? "../texts/a.txt" : "../input.txt")
      return "add the link \(path)"
    case 19: return edit(folder + "notes.txt", "n")
    case 20, 21, 22: return changeMigrations(folder, &sources, &numbers)
    case 23, 24, 25: return changeHook(&sources, number, &numbers)
    case 26: return changeWords(&sources, number, &numbers)
    case 27, 28: return changeScriptsInput(package, &sources, number)
    default: return edit("README.md", "r")
    }
  }

  /// Changes files that only macros read.
  private func changeMigrations(
    _ folder: String,
    _ sources: inout [String: SourceFile],
    _ numbers: inout SeededNumbers
  ) -> String {
    let names = (1...3).map { "\(folder)migrations/\($0).sql" }
    let path = names.randomElement(using: &numbers) ?? names[0]
    let other = names.first { sources[$0] == nil }
    guard let old = sources[path], !numbers.isTrue(oneIn: 3) else {
      sources[path] = .file("q\(Int.random(in: 1...9, using: &numbers));")
      return "write \(path)"
    }
    sources[path] = nil
    guard let other, numbers.isTrue(oneIn: 2) else { return "remove \(path)" }
    sources[other] = old
    return "rename \(path) to \(other)"
  }

  /// Changes the program that the app's script runs.
  private func changeHook(
    _ sources: inout [String: SourceFile],
    _ number: Int,
    _ numbers: inout SeededNumbers
  ) -> String {
    guard hook != .none else { return "nothing" }
    let program = hook == .member ? "gen/src/main.rs" : "tools/gen/src/main.rs"
    let isShared = !numbers.isTrue(oneIn: 3)
    let path = isShared ? "hook-shared/src/lib.rs" : program
    sources[path] = .file(isShared ? Self.hookShared(number) : generator(number))
    return "edit \(path) to \(number)"
  }

  /// Moves the crate that is not the app's to another version, or edits it where it is vendored.
  private func changeWords(
    _ sources: inout [String: SourceFile],
    _ number: Int,
    _ numbers: inout SeededNumbers
  ) -> String {
    if numbers.isTrue(oneIn: 3), let change = words.edit(number, in: &sources) { return change }
    guard words.origin != .none else { return "nothing" }
    let version = 1 + number % 3
    sources["Cargo.lock"] = .file(lockFile(words: version))
    words.add(version, to: &sources)
    return "move \(words.name) to \(version)"
  }

  /// Changes what a build script uses and few others have.
  private func changeScriptsInput(_ package: Package, _ sources: inout [String: SourceFile], _ number: Int) -> String {
    switch package.script {
    case .inner:
      sources[package.folder + "inner/src/main.rs"] = .file(Self.inner(number))
      return "edit \(package.folder)inner/src/main.rs to \(number)"
    case .generated:
      let path = package.folder + "src/made.rs"
      if number % 3 == 0, sources.removeValue(forKey: path) != nil { return "remove \(path)" }
      let text = number % 3 == 1 ? sources[package.folder + "input.txt"]?.text : nil
      sources[path] = .file(Self.made(text ?? "o\(number);"))
      return "write \(path)"
    default:
      let path = package.folder + "maybe.txt"
      if number > 5, sources.removeValue(forKey: path) != nil { return "remove \(path)" }
      sources[path] = .file("y\(number);")
      return "write \(path)"
    }
  }

  /// Changes what a binary prints, if any can print it.
  func changeOutput(_ sources: inout [String: SourceFile], _ numbers: inout SeededNumbers) -> String {
    let package = needed.randomElement(using: &numbers) ?? packages[0]
    let number = Int.random(in: 1...9, using: &numbers)
    sources[package.folder + "src/lib.rs"] = .file(library(package, number: number))
    return "edit \(package.folder)src/lib.rs to \(number)"
  }

  private func back(_ folder: String, _ sources: inout [String: SourceFile]) -> String {
    sources[folder + "data/one.txt"] = sources.removeValue(forKey: folder + "data/renamed.txt")
    return "rename \(folder)data/one.txt back"
  }

  /// The sources with a mistake in one package, so that building fails, and that package.
  func broken(
    _ sources: [String: SourceFile],
    _ numbers: inout SeededNumbers
  ) -> (sources: [String: SourceFile], package: String) {
    var sources = sources
    let package = needed.randomElement(using: &numbers) ?? packages[0]
    let path = package.folder + (package.hasBinary ? "src/main.rs" : "src/lib.rs")
    if case .file(let text, _) = sources[path] { sources[path] = .file(text + "this is a mistake\n") }
    return (sources, package.name)
  }
}
