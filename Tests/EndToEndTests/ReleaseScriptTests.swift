import Foundation
import Glibc
import StandIns
import Testing

/// `release.sh` from its first check to its end, in a checkout whose compiler is a small C program: what the script does
/// is real, and what it packs is a toy.
@Suite struct ReleaseScriptTests {
  /// A committed checkout, gone with `remove()`.
  private struct Checkout {
    let folder: String
    let version: String

    /// What "swift build" makes of these sources; `TOY_FLAGS` decides how.
    private static let program = #"""
      #include <stdio.h>
      void own(void) __asm__("$s13RustBuildpack3ownyyF");
      void own(void) {}
      #ifdef FOUNDATION
      void other(void) __asm__("$s10Foundation5otheryyF");
      void other(void) {}
      #endif
      #ifndef PLACE
      #define PLACE ""
      #endif
      int main(void) { printf("rust-buildpack %s\n%s", VERSION, PLACE); return 0; }
      """#
    private static let swift = #"""
      #!/bin/sh
      while [ $# -gt 0 ]; do
        case $1 in --product) name=$2 ;; --scratch-path) scratch=$2 ;; esac
        shift
      done
      mkdir -p "$scratch/release"
      exec cc -DVERSION="\"${TOY_VERSION:-$(sed -n 's/^package let buildpackVersion = "\(.*\)"$/\1/p' Sources/RustBuildpack/Phases/Version.swift)}\"" \
        -O1 -x c Sources/toy.c -o "$scratch/release/$name" $TOY_FLAGS
      """#

    init(_ name: String = "checkout") throws {
      folder = try temporaryFolder("release") + "/" + name
      let told = try ToolRun(["\(builtProducts)/compile", "--version"]).output
      version = try #require(told.split(separator: " ").last.map { $0.trimmingCharacters(in: .newlines) })
      try shell(
        """
        set -e; umask 022; mkdir -p "$2/Sources/RustBuildpack/Phases"; chmod 755 "$2/.."; cd "$1"
        cp release.sh LICENSE README.md CHANGELOG.md .gitignore .gitattributes "$2"
        cp Sources/RustBuildpack/Phases/Version.swift "$2/Sources/RustBuildpack/Phases"
        mkdir -p "$2/../tools/bin"; printf '%s\\n' "$3" >"$2/../tools/bin/swift"; chmod 755 "$2/../tools/bin/swift"
        cp "$2/../tools/bin/swift" "$2/../tools/bin/swiftc"; printf '%s\\n' "$4" >"$2/Sources/toy.c"
        """,
        BuildpackSource.checkout,
        folder,
        Self.swift,
        Self.program
      )
      try run("git init -q")
      try commit()
    }

    func remove() {
      let parent = URL(fileURLWithPath: folder).deletingLastPathComponent().path
      try? FileManager.default.removeItem(atPath: parent)
    }

    func run(_ script: String) throws { try shell("set -e; cd \"$1\"; \(script)", folder) }

    func commit() throws {
      try run("git add -A; git -c user.name=Test -c user.email=test@example.com commit -qm Release")
    }

    func release(
      _ arguments: String...,
      flags: String = "-static -no-pie",
      version: String? = nil,
      prefix: [String] = []
    ) throws -> ToolRun {
      var environment = ["PATH": "\(folder)/../tools/bin:/usr/local/bin:/usr/bin:/bin", "HOME": "/nonexistent"]
      environment["TOY_FLAGS"] = flags
      environment["TOY_VERSION"] = version
      return try ToolRun(
        prefix + ["\(folder)/release.sh"] + arguments,
        environment: environment,
        directory: "/",
        timeout: 60
      )
    }

    var archive: String { "\(folder)/dist/rust-buildpack-\(version).tgz" }
  }

  @Test func aReleaseIsMadeCheckedAndFoundAgain() throws {
    let checkout = try Checkout()
    defer { checkout.remove() }
    let released = try checkout.release()
    try #require(released.status == 0, "\(released.output)\(released.errors)")
    let sum = try shell("sha256sum \"$1\" | cut -d ' ' -f 1", checkout.archive).trimmingCharacters(in: .newlines)
    #expect(released.output.contains(" bytes  \(sum)  rust-buildpack-\(checkout.version).tgz\n"))
    let size = try FileManager.default.attributesOfItem(atPath: checkout.archive)[.size] as? Int
    #expect(released.output.contains("\(try #require(size)) bytes  \(sum)"))
    for name in BuildpackSource.executables {
      let own = try shell("sha256sum \"$1\" | cut -d ' ' -f 1", "\(checkout.folder)/bin/\(name)")
      #expect(released.output.contains("\(own.trimmingCharacters(in: .newlines))  bin/\(name)\n"))
    }
    #expect(released.output.contains("commit them, and tag that commit v\(checkout.version)."))
    let unpacked = try shell(
      "cd \"$1\"; mkdir un; tar xzf \"$2\" -C un; cd un; bin/detect --version; cat VERSION; find . -type f | sort",
      checkout.folder,
      checkout.archive
    )
    #expect(
      unpacked == """
        rust-buildpack \(checkout.version)
        \(checkout.version)
        ./CHANGELOG.md
        ./LICENSE
        ./README.md
        ./VERSION
        ./bin/compile
        ./bin/detect
        ./bin/release

        """
    )
    try checkout.run("rm -r un")

    let uncommitted = try checkout.release("--check")
    #expect(uncommitted.status == 1 && uncommitted.errors.contains("bin/compile is not committed"))
    try checkout.commit()
    let same = try checkout.release("--check")
    #expect(same.status == 0 && same.output.contains("byte for byte what the sources make"), "\(same.errors)")
    let again = try checkout.release(checkout.version)
    #expect(again.status == 0 && !again.output.contains("commit them"), "\(again.output)\(again.errors)")

    try checkout.run("echo 'int newer;' >>Sources/toy.c")
    try checkout.commit()
    let changed = try checkout.release("--check")
    #expect(
      changed.status == 1 && changed.errors.contains("not what the sources make: bin/compile bin/detect bin/release")
    )
    try checkout.run("git reset -q --hard HEAD^; sed -i 's/^linker .*/linker     another one/' release.lock")
    try checkout.commit()
    let elsewhere = try checkout.release("--check")
    #expect(
      elsewhere.status == 3 && elsewhere.output.contains("can't be compared on this machine"),
      "\(elsewhere.output)"
    )
    #expect(elsewhere.output.contains("< linker     another one"))
    #expect(!elsewhere.output.contains("building"))
  }

  @Test func theSameBytesComeOfEveryFolderAndUser() throws {
    let (first, second) = (try Checkout(), try Checkout("another place"))
    defer {
      first.remove()
      second.remove()
    }
    #expect(try first.release().status == 0)
    var prefix: [String] = []
    if getuid() == 0 {
      prefix = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
      try shell("chown -R 65534:65534 \"$1\"; chmod -R go-rwx \"$1\"", second.folder)
    } else {
      print("SKIPPED: a release by another user: only root can become one")
    }
    usleep(1_100_000)
    let other = try second.release(prefix: prefix)
    #expect(other.status == 0, "\(other.errors)")
    #expect(FileManager.default.contentsEqual(atPath: first.archive, andPath: second.archive))
    let locks = [first, second].map { "\($0.folder)/release.lock" }
    #expect(FileManager.default.contentsEqual(atPath: locks[0], andPath: locks[1]))
  }

  static let wrongPrograms: [(name: String, flags: String, version: String?, says: String)] = [
    ("movable", "-pie -fPIE", nil, "is no executable of fixed addresses"),
    ("linked dynamically", "-no-pie", nil, "is not statically linked"),
    ("with Foundation", "-static -no-pie -DFOUNDATION", nil, "holds what must not be linked in"),
    ("with a folder of this machine", "-static -no-pie -DPLACE=__FILE__", nil, "holds a path of this machine"),
    ("of another version", "-static -no-pie", "9.8.7", "--version says \"rust-buildpack 9.8.7\""),
    ("without symbols", "-static -no-pie -s", nil, "has no symbols to be checked"),
    ("that can't be compiled", "-fno-such-option-at-all", nil, "bin/compile was not built"),
  ]

  @Test(arguments: wrongPrograms)
  func anExecutableThatMustNotBeShippedIsRefused(name: String, flags: String, version: String?, says: String) throws {
    let checkout = try Checkout()
    defer { checkout.remove() }
    // The compiler puts the path that it was given into __FILE__.
    if flags.contains("__FILE__") {
      try shell("sed -i \"s|-x c Sources|-x c $1/Sources|\" \"$1/../tools/bin/swift\"", checkout.folder)
    }
    let refused = try checkout.release(flags: flags, version: version)
    #expect(refused.status == 1 && refused.errors.contains(says), "\(name): \(refused.output)\(refused.errors)")
    #expect(!FileManager.default.fileExists(atPath: checkout.archive))
  }

  @Test func onlyCommittedSourcesOfAKnownVersionAreReleased() throws {
    let checkout = try Checkout()
    defer { checkout.remove() }
    for (version, says) in [
      ("1.2", "not a semantic version"), ("1.02.3", "not a semantic version"),
      ("987.6.5", "the sources are of version"),
    ] {
      let refused = try checkout.release(version)
      #expect(refused.status == 1 && refused.errors.contains(says), "\(version): \(refused.errors)")
    }
    try checkout.run("echo changed >>README.md")
    let dirty = try checkout.release()
    #expect(dirty.status == 1 && dirty.errors.contains("made of committed sources only"), "\(dirty.errors)")
    #expect(dirty.errors.contains(" M README.md"))
    try checkout.run("git checkout -q README.md; touch Sources/new.swift")
    let untracked = try checkout.release(checkout.version)
    #expect(untracked.status == 1 && untracked.errors.contains("?? Sources/new.swift"), "\(untracked.errors)")
    try checkout.run(
      "rm Sources/new.swift; f=Sources/RustBuildpack/Phases/Version.swift; "
        + "sed -i 's/^package let buildpackVersion = .*/package let buildpackVersion = \"9.8.7\"/' $f"
    )
    try checkout.commit()
    let unknown = try checkout.release()
    #expect(unknown.status == 1 && unknown.errors.contains("CHANGELOG.md has no section \"## [9.8.7]\""))
    for path in ["bin", "dist"] { #expect(!FileManager.default.fileExists(atPath: "\(checkout.folder)/\(path)")) }

    try checkout.run("touch Sources/new.swift")
    let tried = try checkout.release("--bin")
    #expect(tried.status == 0 && !FileManager.default.fileExists(atPath: checkout.folder + "/dist"), "\(tried.errors)")
  }
}
