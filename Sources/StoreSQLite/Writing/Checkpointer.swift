internal import Synchronization

/// Copies the write-ahead log into the database, away from the writer: on a thread and a connection of its own.
///
/// The log starts again from its front once all of it is copied and no reader needs it. Under writes without a pause that moment
/// never comes by itself, so from `forcedAt` on the writer copies the rest, which is little by then, before its next commit.
final class Checkpointer: Sendable {
    private struct State {
        var isWanted = false
        var isClosed = false
    }

    /// Written by the writer thread alone.
    private struct Marks {
        var next: Int
        var forced: Int
    }

    private let monitor = Watched(State())
    private let marks: Mutex<Marks>
    private let every: Int
    private let forcedAt: Int
    private let counters: WriteCounters

    /// Passes over the log before it is left for the next time; a pass that meets no new commit ends it.
    private static let passes = 3

    init(every pages: Int, counters: WriteCounters) {
        self.counters = counters
        every = pages
        forcedAt = pages * 4
        marks = Mutex(Marks(next: pages, forced: forcedAt))
    }

    /// Called by the writer thread.
    func afterCommit(logPages: Int) {
        let isWanted = marks.withLock { marks in
            if logPages < every { marks = Marks(next: every, forced: forcedAt) }
            guard logPages >= marks.next else { return false }
            marks.next = logPages + every
            return true
        }
        if isWanted { monitor.change { $0.isWanted = true } }
    }

    /// Called by the writer thread with its own connection.
    func beforeCommit(on writer: Connection) {
        let logPages = writer.logPages
        let isForced = marks.withLock { marks in
            guard logPages >= marks.forced else { return false }
            marks.forced = logPages + every
            return true
        }
        if isForced { _ = checkpoint(writer) }
    }

    /// The thread's work; returns after `close`. The connection is this thread's alone, and is closed with it.
    func run(on connection: Connection) {
        while monitor.wait({ state in
            if state.isClosed { return .found(false) }
            guard state.isWanted else { return .wait }
            state.isWanted = false
            return .found(true)
        }) {
            for _ in 0..<Self.passes where !checkpoint(connection) {}
        }
    }

    func close() {
        monitor.change { $0.isClosed = true }
    }

    /// `true` when the log is copied, or cannot be for now: the log then grows, and nothing is lost but space.
    private func checkpoint(_ connection: Connection) -> Bool {
        do {
            return try connection.checkpoint()
        } catch {
            counters.failedCheckpoints.add(1, ordering: .relaxed)
            return true
        }
    }
}
