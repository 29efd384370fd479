package import AgentCore
package import Platform
private import Wire

/// `state.a` and `state.b`: the lock state that outlives a reboot.
package struct StateFile: Sendable {
    private let slots: SealedSlots<StoredState>
    private let path: String

    /// - Parameter former: the one file that an earlier version wrote in their place; `nil` when there was none.
    package init(_ path: String, _ seal: Seal, former: String? = nil) {
        self.path = path
        slots = SealedSlots(path, seal, former: former)
    }

    /// Of a terminal that is enrolled: files that are missing are damaged ones.
    package func read() -> Start.Stored {
        switch slots.read() {
        case .missing: return .unreadable("\(path).a and \(path).b are missing")
        case .damaged(let why, let survivors): return .unreadable(why, atLeast: survivors.map(\.revision).max() ?? 0)
        case .holds(let state) where state.version != StoredState.currentVersion:
            return .unreadable("\(path).a is of another version (\(state.version))", atLeast: state.revision)
        case .holds(let state): return .holds(state)
        }
    }

    /// Durable when it returns.
    package func write(_ state: StoredState) throws(SystemError) { try slots.write(state) }

    /// Writes the first state of a terminal; what is there already stays, a lock above all.
    /// - Parameter isNew: it was never enrolled, so that half a first state is one that a power cut left.
    package func begin(_ state: StoredState, isNew: Bool) throws(SystemError) {
        switch slots.read() {
        case .missing: try write(state)
        case .damaged(_, [state]) where isNew: try write(state)
        case .damaged, .holds: break
        }
    }
}
