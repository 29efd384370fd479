import Store
import Synchronization
import Wire

/// The members of staff and their open sessions in memory: each call of the console asks it.
final class StaffTable: Sendable {
    private struct Contents {
        var users: [String: UserRecord] = [:]
        var sessions: [[UInt8]: StaffSessionRecord] = [:]
        /// Sessions whose last use is not on disk yet.
        var unwritten: Set<[UInt8]> = []
    }

    /// How long a session stands that nobody uses.
    static let idle = Duration.seconds(60 * 60)

    private let environment: Environment
    private let contents: Mutex<Contents>
    /// Held from before a commit until the contents have changed, so that they change in the order of the commits.
    private let order = Mutex(())

    init(environment: Environment) throws {
        self.environment = environment
        var contents = Contents()
        let (users, sessions) = try environment.store.read { (try $0.users(), try $0.openSessions(of: nil)) }
        for user in users { contents.users[user.name] = user }
        for session in sessions { contents.sessions[session.tokenHash] = session }
        self.contents = Mutex(contents)
    }

    static func isRunning(_ session: StaffSessionRecord, at now: Timestamp) -> Bool {
        now < session.expiresAt && now < session.lastUsedAt.adding(idle)
    }

    /// The session of this cookie and whose it is, now used; `nil` where it is none or has ended.
    func use(_ tokenHash: [UInt8], at now: Timestamp) -> (user: UserRecord, session: StaffSessionRecord)? {
        contents.withLock { contents in
            guard let session = contents.sessions[tokenHash], Self.isRunning(session, at: now), let user = contents.users[session.user],
                user.disabledAt == nil
            else { return nil }
            contents.sessions[tokenHash]?.lastUsedAt = max(session.lastUsedAt, now)
            contents.unwritten.insert(tokenHash)
            return (user, session)
        }
    }

    /// Commits a change of one member of staff, then knows of it, before any other change commits.
    func change<Value: Sendable>(_ name: String, _ body: @escaping @Sendable (any StoreWriter) throws -> Value) throws -> Value {
        try order.withLock { _ in
            let (value, user, sessions) = try environment.store.write { writer in
                let value = try body(writer)
                return (value, try writer.user(name), try writer.openSessions(of: name))
            }
            contents.withLock { contents in
                contents.users[name] = user
                let known = contents.sessions.filter { $0.value.user == name }
                for hash in known.keys { contents.sessions[hash] = nil }
                for var session in sessions {
                    if let used = known[session.tokenHash]?.lastUsedAt { session.lastUsedAt = max(session.lastUsedAt, used) }
                    contents.sessions[session.tokenHash] = session
                }
            }
            return value
        }
    }

    /// Those that time has ended, which the store does not know yet.
    func overdue(at now: Timestamp) -> [StaffSessionRecord] {
        contents.withLock { $0.sessions.values.filter { !Self.isRunning($0, at: now) } }
    }

    /// Writes down when sessions were last used, so that a restart does not lengthen them.
    func flush() {
        let times = contents.withLock { contents in
            defer { contents.unwritten = [] }
            return contents.unwritten.reduce(into: [[UInt8]: Timestamp]()) { $0[$1] = contents.sessions[$1]?.lastUsedAt }
        }
        guard !times.isEmpty else { return }
        environment.store.writeLater { try $0.updateLastUsed(times) }
    }
}
