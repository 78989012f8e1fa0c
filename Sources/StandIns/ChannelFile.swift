/// A release as rustup reads it: `channel-rust-stable.toml` in format version 2.
struct ChannelFile {
  /// One component for one target and where its archive is.
  struct Component {
    let name: String
    let target: String
    /// Relative to the server's root.
    let path: String
    let sha256: String
  }

  let date: String
  /// By component: `1.95.0 (59807616e 2026-04-14)`.
  let versions: [String: String]
  let rustVersion: String
  let host: String
  let components: [Component]

  private static let profiles = [
    ("minimal", ["rustc", "cargo", "rust-std"]),
    ("default", ["rustc", "cargo", "rust-std", "rust-docs", "rustfmt-preview", "clippy-preview"]),
    (
      "complete",
      [
        "rustc", "cargo", "rust-std", "rust-docs", "rustfmt-preview", "clippy-preview", "rust-analyzer-preview",
        "rust-src", "llvm-tools-preview",
      ]
    ),
  ]

  /// The file's text.
  var text: String {
    var lines = ["manifest-version = \"2\"", "date = \"\(date)\""]
    for name in Set(components.map(\.name)).sorted() {
      lines += ["", "[pkg.\(name)]", "version = \"\(versions[name] ?? rustVersion)\""]
      for component in components where component.name == name { lines += entry(of: component) }
    }
    lines += ["", "[pkg.rust]", "version = \"\(rustVersion)\"", "", "[pkg.rust.target.\(host)]", "available = true"]
    lines += ["url = \"https://static.rust-lang.org/dist/none\"", "hash = \"\(String(repeating: "0", count: 64))\""]
    let essential = ["rustc", "cargo", "rust-std", "rust-docs"]
    for component in components {
      let isExtension = !essential.contains(component.name) || component.target != host
      lines += ["", "[[pkg.rust.target.\(host).\(isExtension ? "extensions" : "components")]]"]
      lines += ["pkg = \"\(component.name)\"", "target = \"\(component.target)\"", "is_extension = \(isExtension)"]
    }
    for name in Set(components.map(\.name)).sorted() where name.hasSuffix("-preview") {
      lines += ["", "[renames.\(name.dropLast(8))]", "to = \"\(name)\""]
    }
    lines += ["", "[profiles]"]
    for (name, members) in Self.profiles {
      lines.append("\(name) = [\(members.map { "\"\($0)\"" }.joined(separator: ", "))]")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func entry(of component: Component) -> [String] {
    let target = component.target == "*" ? "\"*\"" : component.target
    let key = component.path.hasSuffix(".zst") ? "zst_" : ""
    return [
      "", "[pkg.\(component.name).target.\(target)]", "available = true",
      "\(key)url = \"https://static.rust-lang.org/\(component.path)\"", "\(key)hash = \"\(component.sha256)\"",
    ]
  }
}
