internal import Synchronization

/// Counts the open connections of each client address.
///
/// - Concurrency: any thread. Two accepts at once may both pass, so a limit is kept to within the number of HTTP threads.
final class AddressLimit: Sendable {
    private let limit: Int
    private let exemptsLoopback: Bool
    private let counts = Mutex<[UInt64: Int32]>([:])

    init(limit: Int, exemptsLoopback: Bool) {
        self.limit = limit
        self.exemptsLoopback = exemptsLoopback
    }

    func admits(_ address: PeerAddress?) -> Bool {
        guard let key = key(address) else { return true }
        return counts.withLock { Int($0[key] ?? 0) < limit }
    }

    func opened(_ address: PeerAddress?) {
        guard let key = key(address) else { return }
        counts.withLock { $0[key, default: 0] += 1 }
    }

    func closed(_ address: PeerAddress?) {
        guard let key = key(address) else { return }
        counts.withLock { counts in
            guard let count = counts[key] else { preconditionFailure("A connection is counted before it closes.") }
            counts[key] = count > 1 ? count - 1 : nil
        }
    }

    /// nil for an address that is not counted.
    private func key(_ address: PeerAddress?) -> UInt64? {
        guard let address, !(exemptsLoopback && address.isLoopback) else { return nil }
        return address.clientKey
    }
}
