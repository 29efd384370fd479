import Synchronization

/// How many of the server's workers may wait for the same slow thing at once, so that others are left for locks.
final class Places: Sendable {
    private let most: Int
    private let taken = Atomic<Int>(0)

    init(_ most: Int) { self.most = most }

    /// - Returns: `nil` when every place is taken: then there is no waiting.
    func with<Value>(_ body: () throws -> Value) rethrows -> Value? {
        defer { taken.subtract(1, ordering: .relaxed) }
        guard taken.add(1, ordering: .relaxed).newValue <= most else { return nil }
        return try body()
    }
}
