private import Synchronization

/// How much memory the bodies of all requests may take together, so that many large ones at once do not take the machine.
///
/// Small ones are not counted: the number of connections bounds them.
final class BodyBudget: Sendable {
    /// Bytes; up to so many are not counted.
    static let small = 64 * 1024

    private let limit: Int
    private let taken = Atomic<Int>(0)

    init(limit: Int) { self.limit = limit }

    /// - Returns: false when the bodies under way leave no room for so many bytes more.
    func take(_ bytes: Int) -> Bool {
        let total = taken.wrappingAdd(bytes, ordering: .relaxed).newValue
        if total <= limit { return true }
        taken.wrappingSubtract(bytes, ordering: .relaxed)
        return false
    }

    func release(_ bytes: Int) { taken.wrappingSubtract(bytes, ordering: .relaxed) }
}
