internal import Store
internal import Synchronization

/// The writes that wait to be committed, those with a waiting caller first, and whose turn it is to commit them.
///
/// A caller who comes while nobody commits does so itself, at once: handing over to another thread and back would cost a lone
/// lock two changes of thread. What gathers meanwhile is the writer thread's.
final class WriteQueue: Sendable {
    private struct State {
        var writes: [any PendingWrite] = []
        /// Oldest first from `laterStart` on; what is before it has been taken.
        var later: [(any PendingWrite)?] = []
        var laterStart = 0
        var laterDue: SuspendingClock.Instant?
        /// Somebody has taken a batch and has not said `done` yet.
        var isBusy = false
        var isClosed = false

        var laterCount: Int { later.count - laterStart }
    }

    private let monitor = Watched(State())
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

    enum Turn {
        case closed
        /// Whoever commits now, or the writer thread after that, takes it.
        case queued
        /// The caller commits these, its own among them, and says `done`.
        case commit([any PendingWrite])
    }

    func put(_ write: any PendingWrite) -> Turn {
        monitor.withLock { state in
            guard !state.isClosed else { return .closed }
            state.writes.append(write)
            guard !state.isBusy else { return .queued }
            return .commit(takeBatch(&state))
        }
    }

    /// After a batch was committed or lost.
    func done() {
        monitor.change { $0.isBusy = false }
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
            guard !state.isBusy else { return .wait }
            guard !state.writes.isEmpty || isDue || state.isClosed else {
                return state.laterDue.map { .waitUntil($0) } ?? .wait
            }
            let batch = takeBatch(&state)
            guard batch.isEmpty, state.isClosed else { return .found(batch) }
            state.isBusy = false
            return .found(nil)
        }
    }

    private func takeBatch(_ state: inout State) -> [any PendingWrite] {
        state.isBusy = true
        var batch = state.writes
        state.writes.removeAll(keepingCapacity: true)
        let count = min(Self.laterPerCommit, state.laterCount)
        batch += state.later[state.laterStart..<state.laterStart + count].compactMap(\.self)
        drop(count, of: &state)
        if state.laterCount == 0 { state.laterDue = nil }
        return batch
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
