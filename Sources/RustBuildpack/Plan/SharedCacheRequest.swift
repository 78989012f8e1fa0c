/// The store that apps share what they compiled through, as the app's variables ask for it.
///
/// sccache's own variables are the request; `RUST_SCCACHE` turns it on for a Redis add-on, or off.
package struct SharedCacheRequest: Sendable {
  /// What the variables say.
  package enum Answer: Sendable {
    /// Nobody asked for it.
    case off
    /// It was asked for and can't be, for a reason that the app's owner should know.
    case impossible(reason: String, isWarning: Bool)
    case on(SharedCacheRequest)
  }

  /// An archive with the executable that the app's owner chose, and its SHA-256 sum.
  package struct Archive: Sendable, Equatable {
    package let address: String
    package let digest: String
  }

  /// The kind of store: "Redis", "S3".
  package let store: String
  /// The variable that named it.
  package let origin: String
  /// What the server is given beside the app's variables; holds credentials.
  package let variables: [String: String]
  /// Whether the app itself says that the store is only to be read.
  package let onlyReads: Bool
  /// Nothing for the one that the buildpack knows.
  package let archive: Archive?

  /// What makes sccache use a store, in its own order, with the variable for the prefix of the store's keys.
  /// Source: sccache's docs/Configuration.md.
  private static let stores: [(variable: String, store: String, prefix: String)] = [
    ("SCCACHE_BUCKET", "S3", "SCCACHE_S3_KEY_PREFIX"),
    ("SCCACHE_REDIS_ENDPOINT", "Redis", "SCCACHE_REDIS_KEY_PREFIX"),
    ("SCCACHE_REDIS_CLUSTER_ENDPOINTS", "Redis", "SCCACHE_REDIS_KEY_PREFIX"),
    ("SCCACHE_REDIS", "Redis", "SCCACHE_REDIS_KEY_PREFIX"),
    ("SCCACHE_MEMCACHED_ENDPOINT", "memcached", "SCCACHE_MEMCACHED_KEY_PREFIX"),
    ("SCCACHE_MEMCACHED", "memcached", "SCCACHE_MEMCACHED_KEY_PREFIX"),
    ("SCCACHE_GCS_BUCKET", "Google Cloud Storage", "SCCACHE_GCS_KEY_PREFIX"),
    ("SCCACHE_AZURE_CONNECTION_STRING", "Azure", "SCCACHE_AZURE_KEY_PREFIX"),
    ("SCCACHE_WEBDAV_ENDPOINT", "WebDAV", "SCCACHE_WEBDAV_KEY_PREFIX"),
    ("SCCACHE_OSS_BUCKET", "OSS", "SCCACHE_OSS_KEY_PREFIX"),
    ("SCCACHE_COS_BUCKET", "COS", "SCCACHE_COS_KEY_PREFIX"),
  ]

  /// Reads the variables, and the app's cargo configuration for a compiler wrapper of its own, which is left alone.
  ///
  /// - Throws: when a setting has a value that means nothing, or one of two that belong together is missing.
  package static func read(
    _ environment: Environment,
    stack: String?,
    configuration: CargoConfiguration
  ) throws(BuildpackError) -> Answer {
    let wish = try wish(environment)
    let archive = try archive(environment)
    guard wish != .off else { return .off }
    let named = stores.first { environment[$0.variable]?.isEmpty == false }
    guard wish != .notSaid || named != nil else { return .off }
    if let wrapper = ownWrapper(environment, configuration) {
      return .impossible(reason: "the app has a compiler wrapper of its own, \(wrapper)", isWarning: false)
    }
    var variables: [String: String] = [:]
    let found: (store: String, origin: String, prefix: String)
    if wish == .redis {
      guard let name = ["SCALINGO_REDIS_URL", "REDIS_URL"].first(where: { environment[$0]?.isEmpty == false }) else {
        return .impossible(
          reason: "RUST_SCCACHE is \"redis\", and neither SCALINGO_REDIS_URL nor REDIS_URL is set",
          isWarning: true
        )
      }
      guard let address = RedisAddress(environment[name] ?? "") else {
        return .impossible(reason: "the value of \(name) is no address of a Redis", isWarning: true)
      }
      // Whatever other store the app has variables for is not the one that was asked for.
      for store in stores { variables[store.variable] = "" }
      variables.merge(address.variables) { $1 }
      found = ("Redis", name, "SCCACHE_REDIS_KEY_PREFIX")
    } else if let named {
      found = (named.store, named.variable, named.prefix)
    } else {
      return .impossible(
        reason: "RUST_SCCACHE is on, and none of sccache's variables names a store (or say \"redis\")",
        isWarning: true
      )
    }
    // What was compiled on one stack may not run on another.
    let own = environment[found.prefix].map { $0.isEmpty ? "" : "\($0)/" } ?? ""
    variables[found.prefix] = own + "rust/\(stack.map(pathWord) ?? "unknown")"
    let onlyReads = environment.values.keys.contains {
      $0.hasPrefix("SCCACHE_") && $0.hasSuffix("_RW_MODE") && environment[$0] == "READ_ONLY"
    }
    return .on(
      SharedCacheRequest(
        store: found.store,
        origin: found.origin,
        variables: variables,
        onlyReads: onlyReads,
        archive: archive
      )
    )
  }

  private enum Wish { case notSaid, on, off, redis }

  private static func wish(_ environment: Environment) throws(BuildpackError) -> Wish {
    guard let text = environment["RUST_SCCACHE"], !text.isEmpty else { return .notSaid }
    switch text.lowercased() {
    case "redis": return .redis
    case "on", "1", "true", "yes": return .on
    case "off", "0", "false", "no": return .off
    default:
      throw .setting(
        name: "RUST_SCCACHE",
        origin: "the config var RUST_SCCACHE",
        problem: "It must be \"on\", \"off\" or \"redis\"",
        known: []
      )
    }
  }

  private static func archive(_ environment: Environment) throws(BuildpackError) -> Archive? {
    let names = ["RUST_SCCACHE_URL", "RUST_SCCACHE_SHA256"]
    let set = names.filter { environment[$0]?.isEmpty == false }
    guard let first = set.first else { return nil }
    guard set.count == 2 else {
      let other = first == names[0] ? names[1] : names[0]
      throw .setting(
        name: first,
        origin: "the config var \(first)",
        problem: "\(other) must be set beside it: nothing is run whose sum is not known",
        known: []
      )
    }
    guard let digest = Digest(hex: environment[names[1]]?.lowercased() ?? "") else {
      throw .setting(
        name: names[1],
        origin: "the config var \(names[1])",
        problem: "It must be a SHA-256 sum, 64 hexadecimal digits",
        known: []
      )
    }
    return Archive(address: environment[names[0]] ?? "", digest: digest.hex)
  }

  /// Where the app names a wrapper for the compiler, if it does. As for cargo, an empty variable stands for none.
  private static func ownWrapper(_ environment: Environment, _ configuration: CargoConfiguration) -> String? {
    if let wrapper = environment["RUSTC_WRAPPER"] { return wrapper.isEmpty ? nil : "in RUSTC_WRAPPER" }
    guard let setting = configuration.setting("build", "rustc-wrapper"), setting.value.string?.isEmpty == false else {
      return nil
    }
    return "in \(setting.origin)"
  }

  /// A stack's name as part of a key: what is no letter, digit, dash or dot becomes a dash.
  private static func pathWord(_ text: String) -> String {
    String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "-") ? $0 : "-" })
  }
}

/// `redis://user:password@host:port/database`, taken apart.
struct RedisAddress: Equatable {
  let endpoint: String
  let user: String
  let password: String
  let database: String

  init?(_ text: String) {
    let bytes = Array(text.utf8)
    let marks = ["redis://", "rediss://"].filter { bytes.starts(with: $0.utf8) }
    guard let scheme = marks.first else { return nil }
    var rest = bytes[scheme.utf8.count...]
    // Of what may follow, sccache knows the one that takes any certificate.
    let isInsecure = rest.split(separator: UInt8(ascii: "#")).dropFirst().last?.elementsEqual("insecure".utf8) == true
    if let end = rest.firstIndex(where: { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }) { rest = rest[..<end] }
    var path = ArraySlice<UInt8>()
    if let slash = rest.firstIndex(of: UInt8(ascii: "/")) {
      path = rest[(slash + 1)...]
      rest = rest[..<slash]
    }
    var login = ArraySlice<UInt8>()
    if let at = rest.lastIndex(of: UInt8(ascii: "@")) {
      login = rest[..<at]
      rest = rest[(at + 1)...]
    }
    let colon = login.firstIndex(of: UInt8(ascii: ":")) ?? login.endIndex
    guard let first = rest.first, first != UInt8(ascii: ":"),
      path.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      let user = Self.decoded(login[..<colon]), let password = Self.decoded(login[colon...].dropFirst())
    else { return nil }
    endpoint = scheme + String(decoding: rest, as: UTF8.self) + (isInsecure ? "#insecure" : "")
    self.user = user
    self.password = password
    database = String(decoding: path, as: UTF8.self)
  }

  /// The same in the words of sccache.
  var variables: [String: String] {
    [
      "SCCACHE_REDIS_ENDPOINT": endpoint, "SCCACHE_REDIS_USERNAME": user, "SCCACHE_REDIS_PASSWORD": password,
      "SCCACHE_REDIS_DB": database,
    ]
  }

  /// `%40` as `@`.
  private static func decoded(_ text: ArraySlice<UInt8>) -> String? {
    var bytes: [UInt8] = []
    var rest = text
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
        return nil
      }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
  }
}
