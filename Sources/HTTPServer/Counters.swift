internal import Synchronization

/// What has happened since the start.
final class Counters: Sendable {
    let requests = Atomic<Int>(0)
    let overdue = Atomic<Int>(0)
    let shed = Atomic<Int>(0)
    let lost = Atomic<Int>(0)
    let refused = Atomic<Int>(0)
    let overloaded = Atomic<Int>(0)
}
