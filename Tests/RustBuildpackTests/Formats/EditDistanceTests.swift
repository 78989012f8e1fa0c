// Spelling suggestions: what is near enough and which candidate wins.
import RustBuildpack
import Testing

@Suite struct FormatsEditDistanceTests {
  @Test(arguments: [
    ("relase", "release", "a letter missing"),
    ("releaase", "release", "a letter too many"),
    ("relxase", "release", "another letter"),
    ("erlease", "release", "two letters swapped"),
    ("nightyl", "nightly", "two letters swapped at the end"),
    ("release", "release", "no difference"),
    ("rlease-x", nil, "three changes in eight letters"),
    ("xyz", nil, "nothing near"),
    ("", nil, "empty word"),
    ("beat", "beta", "a swap counts once"),
    ("bte", nil, "two changes in three letters"),
    ("stabel-x", nil, "too far"),
    ("nightlies", "nightly", "three changes in nine letters"),
  ])
  func finds(word: String, expected: String?, name: String) {
    #expect(nearest(word, among: ["release", "nightly", "beta"]) == expected, "\(name)")
  }

  @Test func prefersTheNearestThenTheFirst() {
    #expect(nearest("abcdef", among: ["abcdxx", "abcdex", "abcxef"]) == "abcdex")
    #expect(nearest("abc", among: []) == nil)
    #expect(nearest("", among: ["a"]) == "a")
    #expect(nearest("é", among: ["e"]) == "e")
  }
}
