private import Synchronization

/// How much memory the bodies of all requests may take together, so that many large ones at once do not take the machine.
///
/// Small ones are not counted: the number of connections bounds them. Of a large one counts what has come, rounded up to its next step, because
/// to announce a length costs nothing: some headers would take all room.
final class BodyBudget: Sendable {
    /// Bytes; up to so many are not counted.
    static let small = 64 * 1024

    private let limit: Int
    private let taken = Atomic<Int>(0)

    init(limit: Int) { self.limit = limit }

    /// What is left at this moment.
    var free: Int { limit - taken.load(ordering: .relaxed) }

    /// - Returns: false when the bodies under way leave no room for so many bytes more.
    func take(_ bytes: Int) -> Bool {
        let total = taken.wrappingAdd(bytes, ordering: .relaxed).newValue
        if total <= limit { return true }
        taken.wrappingSubtract(bytes, ordering: .relaxed)
        return false
    }

    func release(_ bytes: Int) { taken.wrappingSubtract(bytes, ordering: .relaxed) }

    /// The rooms to try for a body that has outgrown its own, the best first: twice as much, so that it is copied seldom; then a little more.
    ///
    /// - Parameters:
    ///   - room: what it has; less than `received`.
    ///   - most: the announced length, or the longest that may come; `received` or more.
    static func steps(beyond room: Int, received: Int, most: Int) -> (Int, Int) {
        (min(most, max(2 * max(room, small), received)), min(most, received + small))
    }
}
