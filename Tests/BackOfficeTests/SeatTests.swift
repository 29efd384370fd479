import TestSupport
import Testing
import Wire

/// What changes for a device because another one comes, and what a lock's record says of those who came late.
@Suite struct SeatTests {
    private func permitted(_ account: String, _ imei: String) throws -> Bool? {
        try Shared.api.post(
            "/v1/authorizations",
            #"{"account":"\#(account)","imei":"\#(imei)","channel":"KazTimpaPro","operation":"airtime_vend","amount_cents":1}"#
        ).json["permitted"].bool
    }

    @Test func aSeatThatIsTakenIsTakenInTheVeryNextAuthorization() throws {
        let api = try Shared.api
        let reference = Names.reference()
        try api.addAccount(reference)
        let hold = try api.lock(reference)
        let late = try TestTerminal.enrolled(api, claims: reference)
        #expect(try late.connect().locked)
        try api.release(hold, of: reference)
        #expect(try permitted(reference, late.imei) == true)
        let first = try TestTerminal.enrolled(api, claims: reference)
        #expect(try !first.connect().locked)
        #expect(try permitted(reference, first.imei) == true)
        #expect(try permitted(reference, late.imei) == false)
    }

    @Test func aTerminalThatJoinsALockedAccountIsShownWithItsLock() throws {
        let api = try Shared.api
        let reference = Names.reference()
        try api.addAccount(reference)
        try api.lock(reference)
        let terminal = try TestTerminal.enrolled(api, claims: reference)
        let lease = try terminal.connect()
        #expect(lease.locked)
        let poll = try terminal.startPoll(after: lease.rev)
        try eventually("the joined terminal's confirmation") {
            let shown = try api.get("/v1/accounts/\(reference)/locks").json["locks"][0]["terminals"][0]
            return shown["imei"].string == terminal.imei && shown.has("enforced_at")
        }
        _ = poll
    }

    @Test func anUnlockedTerminalConfirmsNoLockOfAnAccountThatItHasLeft() throws {
        let api = try Shared.api
        let held = Names.reference()
        let open = Names.reference()
        try api.addAccount(held)
        try api.addAccount(open)
        let terminal = try TestTerminal.enrolled(api, claims: held)
        #expect(try !terminal.connect().locked)
        try api.lock(held)
        terminal.claims = open
        let lease = try terminal.connect()
        #expect(!lease.locked)
        _ = try terminal.poll(after: lease.rev)
        // A change that is surely written after what the poll might have led to.
        try api.lock(open)
        let shown = try api.get("/v1/accounts/\(held)/locks").json["locks"][0]["terminals"][0]
        #expect(!shown.has("enforced_at"))
    }
}
