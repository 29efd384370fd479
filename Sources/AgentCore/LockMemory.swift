import Wire

/// The lock state in memory beside the one on disk, and what may be said about each.
///
/// A lock holds from the moment it is accepted; an unlock only once the disk is known not to hold a lock any more, because
/// otherwise a reboot would bring the lock back after the server was told that it is lifted. So a full disk never stops a
/// lock, never stops a terminal that is unlocked on disk as well, and keeps a locked one locked.
struct LockMemory: Sendable, Equatable {
    /// What is known of the file.
    enum Disk: Sendable, Equatable {
        case unreadable
        case holds(StoredState)
        /// A write failed, perhaps half way: the file is the older state or the newer.
        case uncertain(mayBeLocked: Bool)

        var mayBeLocked: Bool {
            switch self {
            case .unreadable: true
            case .holds(let state): state.locked
            case .uncertain(let mayBeLocked): mayBeLocked
            }
        }
    }

    private(set) var disk: Disk
    /// What the gate goes by; `nil` while the stored state is unreadable and nothing newer is in force.
    private(set) var enforced: StoredState?
    /// Accepted and not yet stored, with the moment its answer came in (CLOCK_BOOTTIME).
    private(set) var wanted: (state: StoredState, receivedAt: Duration)?
    /// The highest revision accepted or stored: a lower one is a replay.
    private(set) var highest: Revision
    /// The highest revision known to be stored: what a poll's `after` says.
    private(set) var acknowledged: Revision

    /// - Parameters:
    ///   - stored: `nil` when it cannot be read.
    ///   - atLeast: a revision that was stored once.
    init(stored: StoredState?, atLeast: Revision = 0) {
        disk = stored.map(Disk.holds) ?? .unreadable
        enforced = stored
        highest = stored?.revision ?? atLeast
        acknowledged = stored?.revision ?? 0
    }

    /// Takes a verified state; says whether it has to be stored.
    mutating func accept(_ state: StoredState, at receivedAt: Duration) -> Bool {
        highest = max(highest, state.revision)
        if disk == .holds(state) {
            enforced = state
            wanted = nil
            return false
        }
        if wanted?.state != state { wanted = (state, receivedAt) }
        if state.locked || !disk.mayBeLocked { enforced = state }
        return true
    }

    /// The wanted state is on disk: from now on it is in force and may be acknowledged.
    mutating func stored() -> (state: StoredState, receivedAt: Duration)? {
        guard let written = wanted else { return nil }
        disk = .holds(written.state)
        enforced = written.state
        acknowledged = max(acknowledged, written.state.revision)
        wanted = nil
        return written
    }

    mutating func storeFailed() {
        guard let wanted else { return }
        disk = .uncertain(mayBeLocked: disk.mayBeLocked || wanted.state.locked)
    }

    static func == (left: LockMemory, right: LockMemory) -> Bool {
        left.disk == right.disk && left.enforced == right.enforced && left.wanted?.state == right.wanted?.state
            && left.highest == right.highest && left.acknowledged == right.acknowledged
    }
}
