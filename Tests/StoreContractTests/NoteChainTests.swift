import Signing
import Store
import Testing
import Wire

/// The canonical form and two hashes, computed apart from this code (Python's hashlib over the netstrings).
@Suite struct NoteChainTests {
    static let firstHash = "d840813a6641e9f550f156710461e24d967946973d1300b324c439d1b0498042"
    static let secondHash = "2072e53e01117b1be86dd447c095d64b57be4828f56842c20c098ba3d5b21843"

    @Test func writesNetstringsWithAbsentFieldsApart() throws {
        let note = NewNote(subject: .device(.sample(1)), at: .start(), actor: "ü", via: "api", kind: "text", text: "")
        let form = String(decoding: NoteChain.canonical(note, after: "00"), as: UTF8.self)
        #expect(form == "15:vendlock-note-1,2:00,22:device:\(IMEI.sample(1)),13:1795291200000,2:ü,-,3:api,-,4:text,0:,-,")
    }

    @Test func namesTheBackOffice() {
        let note = NewNote(subject: .office, at: .start(), actor: "system", via: "system", kind: "token_issued", text: "t")
        let form = String(decoding: NoteChain.canonical(note, after: "00"), as: UTF8.self)
        #expect(form == "15:vendlock-note-1,2:00,6:office,13:1795291200000,6:system,-,6:system,-,12:token_issued,1:t,-,")
    }

    @Test func hashesAsTheVectorSays() {
        let account = NoteSubject.account(.sample(7))
        let first = NewNote(
            subject: account, at: .start(), actor: "desk-1", role: .senior, via: "api", sourceAddress: "10.0.0.7", kind: "text",
            text: "Gestolen, sê hy", ticket: "T-1")
        let second = NewNote(subject: account, at: .start(1), actor: "system", via: "system", kind: "hold_placed", text: "")
        #expect(NoteTests.chain.hash(of: first, after: NoteChain.start) == Self.firstHash)
        #expect(NoteTests.chain.hash(of: second, after: Self.firstHash) == Self.secondHash)
    }
}
