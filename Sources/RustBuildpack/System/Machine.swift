import Glibc

/// What runs this process.
package enum Machine {
  /// The processor's name as `uname -m` prints it: "x86_64".
  package static var architecture: String {
    var names = utsname()
    guard uname(&names) == 0 else { return "unknown" }
    return withUnsafeBytes(of: &names.machine) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }

  /// The processor's model and what it can do, as Linux tells it: two that tell the same run the same code.
  package static var processor: String {
    let lines = String(decoding: (try? FilePath("/proc/cpuinfo").streamed(limit: 1 << 16)) ?? [], as: UTF8.self)
      .split(separator: "\n")
    return ["model name", "flags"].compactMap { key in lines.first { $0.hasPrefix(key) } }.joined(separator: "\n")
  }

  /// The number of the user this process runs as.
  ///
  /// The corresponding C function is `geteuid`.
  package static var userNumber: UInt32 { geteuid() }

  /// The path of the running executable, if `/proc` tells it.
  package static var executable: FilePath? { try? FilePath("/proc/self/exe").linkText() }
}
