import Messaging
import Store
import StoreSQLite
import TestSupport
import Testing
import Wire

@testable import BackOffice

/// Who a sender is to an account, and how attempts of others are kept on its record.
@Suite struct SenderIdentityTests {
    private static let now = Timestamp(unixMilliseconds: 1_784_376_000_000)
    private static let userID = "ZA.90000000000000000001"

    private static func account() throws -> AccountRecord {
        AccountRecord(
            reference: try AccountReference("12345678"), owner: AccountRecord.Owner(name: "Test Vendor"), linkedNumber: "+27711234567",
            language: "en",
            lockedChannels: [], revision: 1, createdAt: now)
    }

    private static func identity(_ identity: String, _ kind: IdentityRecord.Kind, until: Timestamp? = nil) throws -> IdentityRecord {
        IdentityRecord(account: try AccountReference("12345678"), identity: identity, kind: kind, since: now, until: until)
    }

    private static let both = SenderIdentity(.init(phone: "27711234567", userID: userID))

    @Test func teachesAnIDBesideTheLinkedNumberOnce() throws {
        #expect(try Self.both.teachesUserID(Self.account(), identities: []) == Self.userID)
        #expect(try Self.both.teachesUserID(Self.account(), identities: [Self.identity(Self.userID, .userID)]) == nil)
        #expect(try SenderIdentity(.init(phone: "27711234568", userID: Self.userID)).teachesUserID(Self.account(), identities: []) == nil)
        #expect(try SenderIdentity(.init(userID: Self.userID)).teachesUserID(Self.account(), identities: []) == nil)
    }

    /// Whoever has the number now must not become known to the account that it was linked to.
    @Test func teachesNothingBesideASuspendedNumber() throws {
        #expect(try Self.both.teachesUserID(Self.account(), identities: [Self.identity("+27711234567", .suspended)]) == nil)
        // The suspension of a number that is linked no more concerns nobody.
        #expect(try Self.both.teachesUserID(Self.account(), identities: [Self.identity("+27719999999", .suspended)]) == Self.userID)
    }

    @Test func locksByAnEarlierNumberUntilItsTimeIsOver() throws {
        let old = SenderIdentity(.init(phone: "27719999999"))
        let identities = [try Self.identity("+27719999999", .previous, until: Self.now.adding(.seconds(86_400)))]
        #expect(try old.mayLock(Self.account(), identities: identities, now: Self.now.adding(.seconds(86_399))))
        #expect(try !old.mayLock(Self.account(), identities: identities, now: Self.now.adding(.seconds(86_400))))
        #expect(try !old.mayLock(Self.account(), identities: [], now: Self.now))
    }

    @Test func locksByAnIDUntilItsTimeIsOver() throws {
        let sender = SenderIdentity(.init(userID: Self.userID))
        let identities = [try Self.identity(Self.userID, .userID, until: Self.now.adding(.seconds(10)))]
        #expect(try sender.mayLock(Self.account(), identities: identities, now: Self.now))
        #expect(try !sender.mayLock(Self.account(), identities: identities, now: Self.now.adding(.seconds(10))))
        #expect(try !sender.mayLock(Self.account(), identities: identities + [Self.identity("+27711234567", .suspended)], now: Self.now))
    }

    private struct Undone: Error {}

    /// After a transaction that was undone the number of its note is given again, to a note of something else.
    @Test func countsAttemptsOnNoOtherNote() throws {
        let directory = try TemporaryDirectory()
        let store = try SQLiteStore(path: directory.file("store.db"))
        defer { store.close() }
        let (notes, account) = (CountedNotes(), try Self.account())
        let attempt = Actor.system.note(on: .account(account.reference), at: Self.now, kind: "stop_refused", text: "an attempt")
        @Sendable func record(_ writer: any StoreWriter) throws {
            try notes.record(attempt, as: "+27829999999", now: Self.now, in: writer)
        }
        try store.write { try $0.insertAccount(account) }
        #expect(throws: Undone.self) {
            try store.write { writer in
                try record(writer)
                throw Undone()
            }
        }
        try store.write { writer in
            _ = try writer.appendNote(Actor.system.note(on: .account(account.reference), at: Self.now, kind: "text", text: "something else"))
        }
        for _ in 0..<2 { try store.write { try record($0) } }
        let kept = try store.read { try $0.notes(on: NoteSubject(.account(account.reference)), before: nil, limit: 10) }
        #expect(kept.map(\.kind) == ["stop_refused", "text"] && kept.map(\.count) == [2, 1])
    }
}
