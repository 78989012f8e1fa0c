/// An error for people: a title, what was found, what to do.
struct ErrorWords {
  let title: String
  let found: String
  /// Steps to take; numbered when there is more than one.
  let advice: [String]

  /// The whole message.
  var text: String {
    let steps =
      advice.count == 1
      ? advice[0] : advice.enumerated().map { "\($0.offset + 1). \($0.element)" }.joined(separator: "\n")
    return ["Error: \(title)", found, steps].filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  /// The same error with what is known of its cause in place of the general advice.
  func with(_ hint: Hint?) -> ErrorWords {
    guard let hint else { return self }
    let indent = hint.advice.count > 1 ? 3 : 0
    return ErrorWords(
      title: title,
      found: "\(found)\n\n\(wrapped(hint.cause))",
      advice: hint.advice.map { wrapped($0, indent: indent) }
    )
  }
}
