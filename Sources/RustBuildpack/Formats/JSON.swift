// JSON values: what a document holds and how a caller reads it. Parsing and writing stand in the files beside this one.

/// A value of a JSON document (RFC 8259), also what the TOML reader gives and the YAML writer takes.
package enum JSON: Equatable, Sendable {
  /// The word `null`.
  case null
  /// The words `true` and `false`.
  case bool(Bool)
  /// A number as it was written, never rounded; a caller who makes one writes it in JSON's grammar.
  case number(String)
  /// A string without its quotation marks and escapes.
  case string(String)
  /// The elements in their order.
  case array([JSON])
  /// The members in the order they were written, duplicates included.
  case object([Member])

  /// One name and its value in an object.
  package struct Member: Equatable, Sendable {
    /// The name, unescaped.
    package var key: String
    /// What the name stands for.
    package var value: JSON

    /// A member made of its two parts.
    package init(key: String, value: JSON) {
      self.key = key
      self.value = value
    }
  }
}

/// Why bytes are not a JSON document.
package struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
  /// How many bytes precede the problem.
  package var offset: Int
  /// What was found or missing, in plain words, without the position.
  package var message: String

  /// A problem at a position.
  package init(offset: Int, message: String) {
    self.offset = offset
    self.message = message
  }

  /// The message with its position.
  package var description: String { "\(message) at byte \(offset)" }
}

// MARK: - Reading a value

extension JSON {
  /// The value of an object's member; `nil` for a missing key or another kind of value; of duplicates the last wins.
  ///
  /// Keys are equal when Swift's strings are: composed and decomposed characters count as the same.
  package subscript(_ key: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.last { $0.key == key }?.value
  }

  /// The text of a string, `nil` for any other kind of value.
  package var string: String? {
    guard case .string(let value) = self else { return nil }
    return value
  }

  /// `true` or `false`, `nil` for any other kind of value.
  package var bool: Bool? {
    guard case .bool(let value) = self else { return nil }
    return value
  }

  /// A number written without fraction or exponent that fits 64 bits, `nil` for any other value.
  package var integer: Int? {
    guard case .number(let text) = self else { return nil }
    return Int(text)
  }

  /// The elements of an array, `nil` for any other kind of value.
  package var array: [JSON]? {
    guard case .array(let values) = self else { return nil }
    return values
  }

  /// The members of an object in their order, `nil` for any other kind of value.
  package var object: [Member]? {
    guard case .object(let members) = self else { return nil }
    return members
  }

  /// Whether this is the value `null`.
  package var isNull: Bool { self == .null }
}

// MARK: - Making a value

extension JSON: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByStringLiteral, ExpressibleByStringInterpolation, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  /// `nil` is JSON's `null`.
  package init(nilLiteral: ()) { self = .null }

  /// `true` and `false`.
  package init(booleanLiteral value: Bool) { self = .bool(value) }

  /// A number in decimal digits.
  package init(integerLiteral value: Int) { self = .number(String(value)) }

  /// A string.
  package init(stringLiteral value: String) { self = .string(value) }

  /// An array.
  package init(arrayLiteral elements: JSON...) { self = .array(elements) }

  /// An object with its members in the order written.
  package init(dictionaryLiteral elements: (String, JSON)...) {
    self = .object(elements.map { Member(key: $0.0, value: $0.1) })
  }
}
