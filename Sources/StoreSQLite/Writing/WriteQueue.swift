internal import Store
internal import Synchronization

/// The writes that wait for the writer thread, those with a waiting caller first.
final class WriteQueue: Sendable {
    private struct State {
        var writes: [any PendingWrite] = []
        /// Oldest first from `laterStart` on; what is before it has been taken.
        var later: [(any PendingWrite)?] = []
        var laterStart = 0
        var laterDue: SuspendingClock.Instant?
        var isClosed = false

        var laterCount: Int { later.count - laterStart }
    }

    private let monitor = Monitor(State())
    private let keptLater: Int
    private let laterDelay: Duration
    private let counters: WriteCounters

    /// As many later writes as one transaction takes, so that a caller who comes next does not wait long.
    private static let laterPerCommit = 512

    init(keptLater: Int, laterDelay: Duration, counters: WriteCounters) {
        self.keptLater = keptLater
        self.laterDelay = laterDelay
        self.counters = counters
    }

    /// `false` when the queue is closed.
    func put(_ write: any PendingWrite) -> Bool {
        monitor.change { state in
            guard !state.isClosed else { return false }
            state.writes.append(write)
            return true
        }
    }

    /// Beyond what is kept, the oldest goes: the newer one says the same, only later.
    func putLater(_ write: any PendingWrite) {
        monitor.withLock { state in
            guard !state.isClosed else { return }
            if state.laterCount >= keptLater {
                drop(1, of: &state)
                counters.droppedLater.add(1, ordering: .relaxed)
            }
            state.later.append(write)
        }
        wakeForLater()
    }

    /// Only the first one needs to tell the writer, which then looks again when it is due.
    private func wakeForLater() {
        let isFirst = monitor.withLock { state in
            guard state.laterDue == nil, state.laterCount > 0 else { return false }
            state.laterDue = SuspendingClock.now.advanced(by: laterDelay)
            return true
        }
        if isFirst { monitor.change { _ in } }
    }

    /// Blocks until there is something to commit; all that wait are taken together. `nil` once closed and empty.
    func take() -> [any PendingWrite]? {
        monitor.wait { state in
            let isDue = state.laterDue.map { $0 <= SuspendingClock.now } ?? false
            guard !state.writes.isEmpty || isDue || state.isClosed else {
                return state.laterDue.map { .waitUntil($0) } ?? .wait
            }
            var batch = state.writes
            state.writes.removeAll(keepingCapacity: true)
            let count = min(Self.laterPerCommit, state.laterCount)
            batch += state.later[state.laterStart..<state.laterStart + count].compactMap(\.self)
            drop(count, of: &state)
            if state.laterCount == 0 { state.laterDue = nil }
            return batch.isEmpty && state.isClosed ? .found(nil) : .found(batch)
        }
    }

    func close() {
        monitor.change { $0.isClosed = true }
    }

    private func drop(_ count: Int, of state: inout State) {
        for place in state.laterStart..<state.laterStart + count { state.later[place] = nil }
        state.laterStart += count
        if state.laterStart > state.later.count / 2 {
            state.later.removeFirst(state.laterStart)
            state.laterStart = 0
        }
    }
}
