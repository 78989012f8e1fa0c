import Foundation
import StandIns
import Testing

@testable import RustBuildpack

/// Archives that somebody made to be written elsewhere, also with a `cache.json` that fits them: nothing outside is
/// written, and the deployment is right.
///
/// Whoever can make them could as well put another compiler into the cache; this is about tar and us alone.
@Suite(.needsStandIns, .serialized) struct CraftedArchiveFaultTests {
  private struct Trick {
    let name: String
    /// Adds members to the archive `$1`, which is not compressed; `$2` is the folder outside, `$3` an empty folder,
    /// `$4` the first folder that the part may hold.
    let script: String
    /// Whether the archive holds nothing else.
    var isAlone = false
  }

  private static let tricks = [
    Trick(
      name: "a name with ..",
      script: "echo x >\"$3/x\"; tar -P -r -f \"$1\" -C \"$3\" --transform 's,^x$,../../../../outside/a,' x"
    ),
    Trick(
      name: "a name with .. below a folder of the part",
      script: "echo x >\"$3/x\"; tar -P -r -f \"$1\" -C \"$3\" --transform \"s,^x$,$4/../../../../../outside/a,\" x"
    ),
    Trick(
      name: "an absolute name",
      script: "echo x >\"$3/x\"; tar -P -r -f \"$1\" -C \"$3\" --transform \"s,^x$,$2/a,\" x"
    ),
    Trick(
      name: "a link, and a file through it",
      script: """
        mkdir -p "$3/1/$4" "$3/2/$4/link" && ln -s "$2" "$3/1/$4/link" && echo x >"$3/2/$4/link/a"
        tar -r -f "$1" -C "$3/1" "$4/link" && tar -r -f "$1" -C "$3/2" "$4/link/a"
        """
    ),
    Trick(
      name: "a relative link, and a file through it",
      script: """
        mkdir -p "$3/1/$4" "$3/2/$4/link" && ln -s ../../../../../outside "$3/1/$4/link" && echo x >"$3/2/$4/link/a"
        tar -r -f "$1" -C "$3/1" "$4/link" && tar -r -f "$1" -C "$3/2" "$4/link/a"
        """
    ),
    Trick(
      name: "a hard link to a file outside, and its content",
      script: """
        mkdir -p "$3/$4" && cd "$3" && echo x >a && ln a "$4/b" && tar -P -r -f "$1" --transform "s,^a$,$2/a," a "$4/b"
        """
    ),
    Trick(
      name: "a link in the place of its folder",
      script: "mkdir -p \"$3/$4\" && rmdir \"$3/$4\" && ln -s \"$2\" \"$3/$4\" && tar -c -f \"$1\" -C \"$3\" \"$4\"",
      isAlone: true
    ),
    Trick(
      name: "a link above its folder",
      script: "d=${4%%/*}; ln -s \"$2\" \"$3/$d\" && tar -c -f \"$1\" -C \"$3\" \"$d\"",
      isAlone: true
    ),
    Trick(
      name: "a source of the app",
      script: "mkdir -p \"$3/app/src\" && echo x >\"$3/app/src/main.rs\" && tar -r -f \"$1\" -C \"$3\" app/src/main.rs"
    ),
    Trick(
      name: "a link in the place of the app's",
      script: "ln -s \"$2\" \"$3/app\" && tar -r -f \"$1\" -C \"$3\" app"
    ),
    Trick(
      name: "a folder of another part",
      script:
        "mkdir -p \"$3/cargo\" && echo 'x' >\"$3/cargo/config.toml\" && tar -r -f \"$1\" -C \"$3\" cargo/config.toml"
    ),
    Trick(
      name: "a link that another part's files would follow",
      script: "mkdir -p \"$3/cargo\" && ln -s \"$2\" \"$3/cargo/registry\" && tar -r -f \"$1\" -C \"$3\" cargo/registry"
    ),
    Trick(name: "nothing", script: "tar -c -f \"$1\" -T /dev/null", isAlone: true),
    Trick(name: "no archive", script: "echo x >\"$1\"", isAlone: true),
  ]

  @Test(.timeLimit(.minutes(60))) func nothingOutsideIsWritten() throws {
    let lab = try CacheLab()
    let cases = CachePart.allCases.flatMap { part in Self.tricks.map { (part, $0) } }
    for (part, trick) in Faults.cut(cases, to: 14, "crafted") {
      for isSigned in [false, true] where isSigned || Faults.isAll {
        Faults.attempt("Crafted", "\(part.rawValue): \(trick.name)\(isSigned ? ", in a cache.json that fits" : "")") {
          try lab.trouble(reason: isSigned ? nil : "Discarding from the build cache: \(part.title), since") {
            try Self.craft(trick, part, in: $0, lab)
            if isSigned { try SealedCache.sign(part, in: $0) }
          }
        }
      }
    }
  }

  /// Two archives that are harmless alone.
  @Test func aLinkOfOneArchiveIsNotFollowedByAnother() throws {
    let lab = try CacheLab()
    Faults.attempt("Crafted", "dependencies bring a link, own a file through it") {
      let first = Trick(
        name: "",
        script:
          "mkdir -p \"$3/target\" && ln -s \"$2\" \"$3/target/linked\" && tar -r -f \"$1\" -C \"$3\" target/linked"
      )
      let second = Trick(
        name: "",
        script: "mkdir -p \"$3/target/linked\" && echo x >\"$3/target/linked/a\" && "
          + "tar -r -f \"$1\" -C \"$3\" target/linked/a"
      )
      return try lab.trouble(reason: nil) {
        try Self.craft(first, .dependencies, in: $0, lab)
        try SealedCache.sign(.dependencies, in: $0)
        try Self.craft(second, .own, in: $0, lab)
        try SealedCache.sign(.own, in: $0)
      }
    }
  }

  private static func craft(_ trick: Trick, _ part: CachePart, in folder: String, _ lab: CacheLab) throws {
    let archive = try "\(folder)/\(SealedCache.name(part, in: folder))"
    let work = WorkLayout("/work")
    let place = (part.places(work).first?.description ?? "").dropFirst("/work/".count)
    let script = """
      set -e; empty=$(mktemp -d); plain=$empty/archive.tar; mkdir "$empty/new"
      if [ "$4" = false ]; then zstd -q -d "$1" -o "$plain"; fi
      sh -e -c "$3" sh "$plain" "$2" "$empty/new" "$5"
      zstd -q -f "$plain" -o "$1"; rm -rf "$empty"
      """
    try shell(script, archive, lab.outside, trick.script, "\(trick.isAlone)", String(place))
  }
}
