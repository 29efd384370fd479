import HTTPServer
import Store
import StoreSQLite
import TestSupport
import Testing
import Wire

@testable import BackOffice

@Suite struct StaffTableTests {
    /// A restart neither ends a session that was used of late nor lengthens one that was not.
    @Test func whatWasUsedIsKnownAfterARestart() throws {
        let directory = try TemporaryDirectory()
        let store = try SQLiteStore(path: directory.file("store.db"))
        defer { store.close() }
        let clock = ManualClock()
        let environment = Environment(store: store) { clock.now }
        let begun = clock.now
        try store.write { writer in
            try writer.insertUser(UserRecord(name: "thandi", role: .auditor, password: "p", passwordState: .own, createdAt: begun))
            for number in [UInt8(1), 2] {
                try writer.insertSession(
                    StaffSessionRecord(
                        tokenHash: [number], user: "thandi", createdAt: begun, lastUsedAt: begun, expiresAt: begun.adding(Staff.longest)))
            }
        }
        let first = try StaffTable(environment: environment)
        clock.advance(by: .seconds(1800))
        #expect(first.use([1], at: clock.now) != nil)
        first.flush()
        // Commits what waits.
        try store.write { _ in }
        let second = try StaffTable(environment: environment)
        clock.advance(by: .seconds(1800))
        #expect(second.use([1], at: clock.now)?.session.lastUsedAt == clock.now.adding(.seconds(-1800)))
        #expect(second.use([2], at: clock.now) == nil)
        #expect(second.overdue(at: clock.now).map(\.tokenHash) == [[2]])
        // A change of the user reads the store, which does not know of the last use yet.
        try second.change("thandi") { _ in }
        clock.advance(by: .seconds(3599))
        #expect(second.use([1], at: clock.now) != nil)
    }

    @Test func theCookieOfAServerWithTLSGoesOverTLSOnly() {
        let request = HTTPRequest(method: .POST, path: "/v1/sessions", headers: ["Host": "127.0.0.1:8480"])
        #expect(SessionCookie.field("T", for: request, overTLS: true).value == "vendlock_session=T; HttpOnly; Secure; SameSite=Strict; Path=/")
        #expect(SessionCookie.field("T", for: request, overTLS: false).value == "vendlock_session=T; HttpOnly; SameSite=Strict; Path=/")
        // Without Host there is nothing to tell loopback by.
        let bare = HTTPRequest(method: .POST, path: "/v1/sessions")
        #expect(SessionCookie.removal(for: bare, overTLS: false).value == "vendlock_session=; Max-Age=0; HttpOnly; Secure; SameSite=Strict; Path=/")
    }
}
