package import AgentCore
package import Platform
private import Wire

/// `state.json`: the lock state that outlives a reboot.
package struct StateFile: Sendable {
    package let path: String
    package init(_ path: String) { self.path = path }

    package func read() -> Start.Stored {
        switch ChecksummedFile.read(path) {
        case .missing: return .unreadable("\(path) is missing")
        case .damaged(let why): return .unreadable(why)
        case .intact(let line):
            do throws(JSONRefusal) {
                let state = try JSON.decode(StoredState.self, from: line)
                guard state.version == StoredState.currentVersion else { return .unreadable("\(path) is of another version (\(state.version))") }
                return .holds(state)
            } catch {
                return .unreadable("\(path): \(error)")
            }
        }
    }

    /// Durable when it returns.
    package func write(_ state: StoredState) throws(SystemError) { try ChecksummedFile.write(JSON.encode(state), to: path) }
}
