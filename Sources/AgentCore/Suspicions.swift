/// What answered in the server's place and was not believed, since the server was last heard.
///
/// A login page or a proxy answers every few seconds for as long as the terminal stands there. Each kind is told when it begins, so that
/// it is on disk whatever comes; how often it came again is told once, when the server is heard.
struct Suspicions: Sendable, Equatable {
    /// One for each kind that was told, with what came after that.
    private var known: [(first: Fold, again: Fold?)] = []

    /// Whether it is to be told now.
    mutating func isFirst(_ fold: Fold) -> Bool {
        guard let place = known.firstIndex(where: { $0.first.folds(fold) }) else {
            // The codes are few, but those of a lease's signature come from outside.
            if known.count < Limits.mostCodes { known.append((fold, nil)) }
            return true
        }
        if known[place].again == nil { known[place].again = fold } else { known[place].again?.add(fold) }
        return false
    }

    /// What has not been told, when it is over.
    mutating func end() -> [Fold] {
        defer { known = [] }
        return known.compactMap(\.again)
    }

    static func == (left: Suspicions, right: Suspicions) -> Bool {
        left.known.elementsEqual(right.known) { $0.first == $1.first && $0.again == $1.again }
    }
}
