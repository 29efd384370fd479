internal import Synchronization

/// What went wrong without anyone waiting for it.
final class WriteCounters: Sendable {
    let droppedLater = Atomic(0)
    let failedLater = Atomic(0)
    let failedCheckpoints = Atomic(0)
}
