/// The known word that somebody may have meant.
package enum Nearest {
    /// The candidate at most two edits away from `word`, the closest first, then the first in order; nil when none is that near.
    package static func word(to word: String, in candidates: some Sequence<String>) -> String? {
        var best: (word: String, distance: Int)?
        for candidate in candidates {
            let distance = distance(Array(word), Array(candidate))
            // Two edits turn any two-letter word into any other.
            guard distance <= 2, distance < candidate.count, distance < best?.distance ?? .max else { continue }
            best = (candidate, distance)
        }
        return best?.word
    }

    /// `; did you mean "wait"?`, or nothing.
    package static func hint(_ word: String, in candidates: some Sequence<String>) -> String {
        Self.word(to: word, in: candidates).map { "; did you mean \"\($0)\"?" } ?? ""
    }

    /// Levenshtein's distance.
    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var row = Array(0...right.count)
        for (i, character) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for j in right.indices {
                let substituted = diagonal + (character == right[j] ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substituted, diagonal + 1, row[j] + 1)
            }
        }
        return row[right.count]
    }
}
