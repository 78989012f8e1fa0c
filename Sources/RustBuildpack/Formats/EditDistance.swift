// Spelling suggestions: which of the known words was probably meant.

/// The candidate closest to a word, the first of equals; `nil` when none is within a third of the word's length.
///
/// The distance counts insertions, deletions, substitutions and swaps of neighbours (Damerau–Levenshtein, optimal string
/// alignment) between Unicode scalars; one is always allowed.
package func nearest(_ word: String, among candidates: [String]) -> String? {
  let scalars = Array(word.unicodeScalars)
  var limit = max(1, scalars.count / 3)
  var best: String?
  for candidate in candidates {
    let other = Array(candidate.unicodeScalars)
    guard abs(other.count - scalars.count) <= limit else { continue }
    let distance = editDistance(scalars, other)
    guard distance <= limit else { continue }
    if distance == 0 { return candidate }
    best = candidate
    limit = distance - 1
  }
  return best
}

private func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
  var beforeLast: [Int] = []
  var last = Array(0...right.count)
  for i in left.indices {
    var row = [i + 1]
    row.reserveCapacity(right.count + 1)
    for j in right.indices {
      var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (left[i] == right[j] ? 0 : 1))
      if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] { cost = min(cost, beforeLast[j - 1] + 1) }
      row.append(cost)
    }
    (beforeLast, last) = (last, row)
  }
  return last[right.count]
}
