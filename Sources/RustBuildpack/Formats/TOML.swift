// TOML documents: what a reader gives, and the tables while they grow. The grammar stands in the files beside this one.

/// A reader of TOML v1.1.0 documents, such as `Cargo.lock`, `Cargo.toml`, `rust-toolchain.toml` and cargo's configuration.
package enum TOML {
  /// Reads a document of UTF-8 bytes; a byte order mark at its start is skipped. The result is always an object.
  ///
  /// Tables become objects with their members in the order written, integers decimal digits, floats numbers without
  /// underscores; dates, times, `inf` and `nan` become strings as written, CRLF in strings a line feed. Throws for
  /// everything the specification forbids, for integers of more than 64 bits and for more than 128 nested tables or arrays.
  package static func parse(_ bytes: [UInt8]) throws(TOMLError) -> JSON {
    try bytes.withUnsafeBufferPointer { (buffer) throws(TOMLError) -> JSON in
      var parser = TOMLParser(bytes: buffer)
      return try parser.document()
    }
  }

  /// Reads a document from a text.
  package static func parse(_ text: String) throws(TOMLError) -> JSON {
    try parse(Array(text.utf8))
  }
}

/// Why bytes are not a TOML document.
package struct TOMLError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The line of the problem, counted from 1.
  package var line: Int
  /// The character of the line where the problem was noticed, counted from 1.
  package var column: Int
  /// What was found or missing, in plain words, without the position.
  package var message: String

  /// A problem at a position.
  package init(line: Int, column: Int, message: String) {
    self.line = line
    self.column = column
    self.message = message
  }

  /// The message with its position.
  package var description: String { "\(message) at line \(line), column \(column)" }
}

// MARK: - Tables under construction

/// A table that grows while the document is read; who may still add to it depends on its origin.
final class TOMLTable {
  enum Origin {
    /// Named only as the parent in a header: a header may define it later, dotted keys may add to it.
    case parent
    /// Defined by its header or as an element of an array of tables: neither may happen again.
    case header
    /// Made by a dotted key: only dotted keys may add to it.
    case dotted
  }

  enum Node {
    /// A finished value, inline tables included.
    case value(JSON)
    case table(TOMLTable)
    case tables(TOMLTableArray)
  }

  var origin: Origin
  /// How many tables and arrays this one stands in.
  let depth: Int
  private(set) var members: [(key: String, node: Node)] = []
  /// Where each key stands; empty as long as a look through the members is quicker.
  private var positions: [String: Int] = [:]

  init(origin: Origin, depth: Int) {
    self.origin = origin
    self.depth = depth
  }

  subscript(_ key: String) -> Node? {
    if positions.isEmpty { return members.first { $0.key == key }?.node }
    return positions[key].map { members[$0].node }
  }

  /// Adds a member whose key must be new.
  func append(_ key: String, _ node: Node) {
    members.append((key, node))
    if !positions.isEmpty {
      positions[key] = members.count - 1
    } else if members.count == 12 {
      for (position, member) in members.enumerated() { positions[member.key] = position }
    }
  }

  /// The finished table.
  var json: JSON {
    .object(
      members.map { key, node in
        switch node {
        case .value(let value): JSON.Member(key: key, value: value)
        case .table(let table): JSON.Member(key: key, value: table.json)
        case .tables(let array): JSON.Member(key: key, value: .array(array.elements.map(\.json)))
        }
      }
    )
  }
}

/// The elements that `[[name]]` headers have added so far, at least one.
final class TOMLTableArray {
  var elements: [TOMLTable]
  var last: TOMLTable

  init(first: TOMLTable) {
    elements = [first]
    last = first
  }

  func append(_ table: TOMLTable) {
    elements.append(table)
    last = table
  }
}
