import TestSupport
import Testing
import Wire

/// The second gate answers by the rules of the first (invariant 9): each row is asked of both.
@Suite struct AuthorizationTests {
    private static let spending = [
        "airtime_vend", "deposit_advance", "data_vend", "electricity_vend", "voucher_vend", "bill_payment", "money_transfer",
    ]
    private static let other = ["balance_enquiry", "statement", "reprint", "support", "sync"]

    private func ask(_ account: String, _ imei: String, _ channel: String = "KazTimpaPro", _ operation: String = "airtime_vend") throws -> Reply {
        try Shared.api.post(
            "/v1/authorizations",
            #"{"account":"\#(account)","imei":"\#(imei)","channel":"\#(channel)","operation":"\#(operation)","amount_cents":1000}"#)
    }

    @Test(arguments: spending + other) func permitsWhatIsNotLocked(_ operation: String) throws {
        let reference = Names.reference()
        try Shared.api.addAccount(reference)
        let terminal = try TestTerminal.connected(Shared.api, account: reference)
        let reply = try ask(reference, terminal.imei, "KazTimpaPro", operation)
        #expect(reply.status == 200 && reply.json["permitted"].bool == true)
        #expect(!reply.json.has("reason"))
    }

    enum Case: String, CaseIterable {
        case accountLocked = "account_locked"
        case deviceLocked = "device_locked"
        case channelNotPermitted = "channel_not_permitted"
        case registeredToAnotherAccount = "registered_to_another_account"
        case tooManyDevices = "too_many_devices"
        case accountUnknown = "account_unknown"
    }

    @Test(arguments: Case.allCases) func refusesForTheReasonThatTheLeaseGives(_ reason: Case) throws {
        let api = try Shared.api
        let reference = Names.reference()
        let second = Names.reference()
        try api.addAccount(reference)
        try api.addAccount(second)
        var terminal = try TestTerminal.connected(api, account: reference)
        var account = reference
        switch reason {
        case .accountLocked: try api.lock(reference)
        case .deviceLocked: try api.must(201, "POST", "/v1/devices/\(terminal.imei)/holds", #"{"kind":"staff","reason":"r"}"#)
        case .channelNotPermitted:
            try api.must(200, "PUT", "/v1/accounts/\(reference)/locked-channels", #"{"channels":["KazangPOS"],"ticket":"T","force_reason":"r"}"#)
        case .registeredToAnotherAccount:
            account = second
            terminal.claims = second
        case .tooManyDevices: terminal = try TestTerminal.enrolled(api, claims: reference)
        case .accountUnknown:
            account = Names.reference()
            terminal = try TestTerminal.enrolled(api, claims: account)
        }
        let lease = try terminal.connect()
        #expect(lease.reasons == [reason.rawValue])
        for operation in Self.spending {
            let reply = try ask(account, terminal.imei, "KazTimpaPro", operation)
            #expect(reply.status == 200 && reply.json["permitted"].bool == false)
            #expect(reply.json["reason"].string == reason.rawValue)
        }
        for operation in Self.other { #expect(try ask(account, terminal.imei, "KazTimpaPro", operation).json["permitted"].bool == true) }
    }

    @Test func followsEachChangeAtOnce() throws {
        let api = try Shared.api
        let reference = Names.reference()
        try api.addAccount(reference)
        let terminal = try TestTerminal.connected(api, account: reference)
        for _ in 0..<5 {
            #expect(try ask(reference, terminal.imei).json["permitted"].bool == true)
            let id = try api.lock(reference)
            // The terminal has not heard of it yet, or lies: the switch refuses all the same.
            #expect(try ask(reference, terminal.imei).json["permitted"].bool == false)
            try api.release(id, of: reference)
        }
    }

    /// What the switch asks may name any IMEI under any account, and its answer must still be the one of this moment.
    @Test func followsEachChangeAlsoForADeviceThatIsNotOfTheAccount() throws {
        let api = try Shared.api
        let references = (0..<2).map { _ in Names.reference() }
        for reference in references { try api.addAccount(reference, channels: ["KazTimpaPro", "KazangMobi2"]) }
        let elsewhere = try TestTerminal.connected(api, claims: references[1])
        for imei in [Names.imei(), elsewhere.imei] {
            _ = try ask(references[0], imei)
            let id = try api.lock(references[0])
            let locked = try ask(references[0], imei)
            #expect(locked.json["permitted"].bool == false && locked.json["reason"].string == "account_locked")
            try api.release(id, of: references[0])
            #expect(try ask(references[0], imei).json["reason"].string != "account_locked")
        }
        let unknown = Names.reference()
        let imei = Names.imei()
        #expect(try ask(unknown, imei).json["reason"].string == "account_unknown")
        try api.addAccount(unknown)
        #expect(try ask(unknown, imei).json["reason"].string != "account_unknown")
    }

    private static let bad: [(String, String?)] = [
        (#"{"account":"A-REF","imei":"IMEI","channel":"KazTimpaPro","operation":"vend_airtime","amount_cents":1}"#, "unknown_operation"),
        (#"{"account":"A-REF","imei":"IMEI","channel":"KazTimpaPro","operation":"","amount_cents":1}"#, "unknown_operation"),
        (#"{"account":"A-REF","imei":"IMEI","channel":"KazTimpaPro","operation":"AIRTIME_VEND","amount_cents":1}"#, "unknown_operation"),
        (#"{"account":"A-REF","imei":"IMEI","channel":"KazTimpaPro","amount_cents":1}"#, "invalid_body"),
        (#"{"account":"A-REF","imei":"IMEI","channel":"KazTimpaPro","operation":"airtime_vend","amount_cents":-1}"#, "invalid_body"),
        (#"{"account":"A-REF","imei":"IMEI","channel":"KazTimpaPro","operation":"airtime_vend","amount_cents":1.5}"#, nil),
        (#"{"account":"A-REF","imei":"IMEI","channel":"KazTimpaPro","operation":"airtime_vend","amount_cents":"10"}"#, "invalid_body"),
        (#"{"account":"A-REF","imei":"490154203237517","channel":"KazTimpaPro","operation":"airtime_vend"}"#, nil),
        (#"{"account":"!","imei":"IMEI","channel":"KazTimpaPro","operation":"airtime_vend"}"#, nil),
        (#"{"imei":"IMEI","channel":"KazTimpaPro","operation":"airtime_vend"}"#, "invalid_body"), ("{", "malformed_json"), ("", "malformed_json"),
    ]

    @Test(arguments: bad) func refusesABadQuestionAsAnErrorNeverAsAPermission(_ body: String, _ code: String?) throws {
        let reply = try Shared.api.post("/v1/authorizations", body.replacing("IMEI", with: Names.imei()))
        #expect(reply.status == 400, "\(reply.text)")
        if let code { #expect(reply.code == code) }
        #expect(!reply.json.has("permitted"))
        expectProblemForm(reply)
    }

    @Test func permitsNothingOnAChannelThatThereIsNot() throws {
        let reference = Names.reference()
        try Shared.api.addAccount(reference)
        let terminal = try TestTerminal.connected(Shared.api, account: reference)
        #expect(try ask(reference, terminal.imei, "KazNothing").json["permitted"].bool != true)
    }
}
