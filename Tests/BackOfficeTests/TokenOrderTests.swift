import BackOffice
import Glibc
import Platform
import Store
import StoreSQLite
import Synchronization
import TestSupport
import Testing
import Wire

/// What is known of tokens in memory follows the order in which they were committed.
@Suite struct TokenOrderTests {
    /// The real store, but one write's caller hears of its commit late, as when its thread is not given the processor.
    private final class LateStore: Store {
        private let store: SQLiteStore
        private let isArmed = Atomic(false)
        private let isCommitted = Atomic(false)
        private let mayGoOn = Atomic(false)

        init(_ store: SQLiteStore) { self.store = store }

        func delayNextWrite() { isArmed.store(true, ordering: .releasing) }
        /// Returns when that write is committed and its caller does not know it yet.
        func waitForCommit() throws { try eventually("the commit") { isCommitted.load(ordering: .acquiring) } }
        /// Lets the caller hear of it.
        func goOn() { mayGoOn.store(true, ordering: .releasing) }

        func write<Value: Sendable>(_ body: @escaping @Sendable (any StoreWriter) throws -> Value) throws -> Value {
            let value = try store.write(body)
            if isArmed.exchange(false, ordering: .acquiringAndReleasing) {
                isCommitted.store(true, ordering: .releasing)
                try eventually("leave to go on") { mayGoOn.load(ordering: .acquiring) }
            }
            return value
        }

        func read<Value: Sendable>(_ body: (any StoreReader) throws -> Value) throws -> Value { try store.read(body) }
        func writeLater(_ body: @escaping @Sendable (any StoreWriter) throws -> Void) { store.writeLater(body) }
        func onCommit(_ listener: @escaping @Sendable (Set<Subject>, any StoreReader) -> Void) { store.onCommit(listener) }
        func backup(to path: String) throws { try store.backup(to: path) }
        var commitDurations: CommitDurations { store.commitDurations }
        func close() { store.close() }
    }

    @Test func aTokenThatIsRevokedWhileItIsIssuedDoesNotComeBack() throws {
        let directory = try TemporaryDirectory()
        let store = LateStore(try SQLiteStore(path: directory.file("store.db")))
        defer { store.close() }
        let clock = ManualClock()
        let tokens = try Tokens(environment: Environment(store: store) { clock.now })
        let issue = Mutex<Result<String, any Error>?>(nil)
        let revocation = Mutex<Result<Void, any Error>?>(nil)

        store.delayNextWrite()
        let issuer = try WorkerThread(name: "issuer", stackSize: 512 << 10) {
            let result = Result { try tokens.issue(name: "desk-1", role: .admin, by: .system) }
            issue.withLock { $0 = result }
        }
        try store.waitForCommit()
        let revoker = try WorkerThread(name: "revoker", stackSize: 512 << 10) {
            let result = Result { try tokens.revoke(name: "desk-1", by: .system) }
            revocation.withLock { $0 = result }
        }
        // A revocation that does not wait for the issue is done long before this; one that waits never is, and the issue is let go on.
        let end = ContinuousClock.now + .milliseconds(500)
        while ContinuousClock.now < end, revocation.withLock({ $0 == nil }) { usleep(1000) }
        store.goOn()
        issuer.join()
        revoker.join()

        try revocation.withLock { $0 }?.get()
        let token = try #require(try issue.withLock { $0 }?.get())
        #expect(try store.read { try $0.tokens() }.map { $0.revokedAt != nil } == [true])
        #expect(tokens.holder(of: token) == nil, "a revoked token opened the back office")
    }
}
