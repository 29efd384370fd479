import Signing
import TestSupport
import Testing
import Wire

@Suite struct ConnectionTests {
    // MARK: What is not accepted

    enum Forgery: String, CaseIterable {
        case algNone, algNoneWithSignature, hs256WithThePublicKey, es256, unknownCritical, anotherKey, alteredClaims, cutSignature, noSignature
        case anotherIMEI, anotherAudience, noAudience, expired, expiredLongAgo, fromTheFuture, livesTooLong, backwards, extremeTimes, emptyID, longID
        case notBase64, notAJWT, empty, fourParts, claimsAreNoJSON

        func token(of terminal: TestTerminal) throws -> String {
            var claims = try terminal.goodClaims()
            let good = try terminal.token(claims)
            let parts = good.split(separator: ".").map(String.init)
            func header(_ json: String) -> String { Base64URL.encode(Array(json.utf8)) }
            func signed(_ header: String, _ payload: String) throws -> String {
                let input = header + "." + Base64URL.encode(Array(payload.utf8))
                return input + "." + Base64URL.encode(try terminal.key.sign(Array(input.utf8)))
            }
            switch self {
            case .algNone: return header(#"{"alg":"none","typ":"JWT"}"#) + "." + parts[1] + "."
            case .algNoneWithSignature: return try signed(header(#"{"alg":"none"}"#), claims.json)
            case .hs256WithThePublicKey:
                let input = header(#"{"alg":"HS256","typ":"JWT"}"#) + "." + parts[1]
                return input + "." + Base64URL.encode(try HMACKey(terminal.key.publicBytes).code(of: Array(input.utf8)))
            case .es256: return try signed(header(#"{"alg":"ES256"}"#), claims.json)
            case .unknownCritical: return try signed(header(#"{"alg":"EdDSA","crit":["exp"]}"#), claims.json)
            case .anotherKey: return try terminal.token(claims, by: Ed25519PrivateKey(seed: Ed25519PrivateKey.newSeed()))
            case .alteredClaims:
                claims.exp += 1
                return parts[0] + "." + Base64URL.encode(Array(claims.json.utf8)) + "." + parts[2]
            case .cutSignature: return String(good.dropLast(4))
            case .noSignature: return parts[0] + "." + parts[1] + "."
            case .anotherIMEI: claims.sub = Names.imei()
            case .anotherAudience: claims.aud = "\"another\""
            case .noAudience:
                return try signed(parts[0], #"{"sub":"\#(claims.sub)","iat":\#(claims.iat),"exp":\#(claims.exp),"jti":"\#(claims.jti)"}"#)
            case .expired: (claims.iat, claims.exp) = (claims.iat - 120, claims.iat - 1)
            case .expiredLongAgo: (claims.iat, claims.exp) = (1_000_000_000, 1_000_000_300)
            case .fromTheFuture: (claims.iat, claims.exp) = (claims.iat + 3600, claims.iat + 3660)
            case .livesTooLong: claims.exp = claims.iat + 302
            case .backwards: claims.iat = claims.exp + 10
            case .extremeTimes: (claims.iat, claims.exp) = (.min, .max)
            case .emptyID: claims.jti = ""
            case .longID: claims.jti = String(repeating: "j", count: 1000)
            case .notBase64: return parts[0] + ".*." + parts[2]
            case .notAJWT: return "hello"
            case .empty: return ""
            case .fourParts: return good + ".AAAA"
            case .claimsAreNoJSON: return try signed(parts[0], "not JSON")
            }
            return try terminal.token(claims)
        }
    }

    @Test(arguments: Forgery.allCases) func refusesATokenThatTheTerminalDidNotSignForThis(_ forgery: Forgery) throws {
        let api = try Shared.api
        let reference = Names.reference()
        try api.addAccount(reference)
        let terminal = try TestTerminal.enrolled(api, account: reference)
        expectProblem(try terminal.connectReply(token: forgery.token(of: terminal), nonce: "n"), 401, "unauthorized")
        #expect(!(try api.get("/v1/accounts/\(reference)").json.has("last_channel")))
        // The server is still there, and the terminal still welcome.
        #expect(try terminal.connect().locked == false)
    }

    @Test func refusesATokenThatWasUsed() throws {
        let api = try Shared.api
        let reference = Names.reference()
        try api.addAccount(reference)
        let terminal = try TestTerminal.enrolled(api, account: reference)
        let token = try terminal.token(terminal.goodClaims())
        #expect(try terminal.connectReply(token: token, nonce: "one").status == 200)
        let again = try terminal.connectReply(token: token, nonce: "two")
        #expect(again.status == 401)
        expectProblemForm(again)
        #expect(again.header("WWW-Authenticate") != nil)
    }

    @Test func refusesAUsedTokenAlsoAfterARestart() throws {
        let server = try ServerProcess()
        try server.api.addAccount("ACC-REPLAY")
        let terminal = try TestTerminal.enrolled(server.api, account: "ACC-REPLAY")
        let token = try terminal.token(terminal.goodClaims())
        #expect(try terminal.connectReply(token: token, nonce: "one").status == 200)
        try server.kill()
        terminal.server = try server.successor().api
        #expect(try terminal.connectReply(token: token, nonce: "two").status == 401)
    }

    @Test func answersAStrangerTheSameWhetherTheDeviceIsKnownOrNot() throws {
        let api = try Shared.api
        let unknown = try TestTerminal(server: api)
        let known = try TestTerminal(server: api)
        try api.addDevice(known.imei)
        let enrolled = try TestTerminal.enrolled(api)
        let thief = try TestTerminal(enrolled.imei, server: api)
        let replies = try [unknown, known, thief].map { try $0.connectReply(token: $0.token($0.goodClaims()), nonce: "n") }
        for reply in replies {
            expectProblem(reply, 401, "unauthorized")
            #expect(reply.body == replies[0].body)
        }
        // Nor does a channel that there is not tell them apart.
        let elsewhere = try [unknown, thief].map {
            try $0.connectReply(token: $0.token($0.goodClaims()), nonce: "n", on: "/v1/devices/\($0.imei)/channels/KazNothing")
        }
        #expect(elsewhere[0].status == elsewhere[1].status && elsewhere[0].body == elsewhere[1].body)
    }

    @Test func refusesATokenOfAnotherTerminal() throws {
        let api = try Shared.api
        let one = try TestTerminal.enrolled(api)
        let other = try TestTerminal.enrolled(api)
        expectProblem(try one.connectReply(token: one.token(one.goodClaims()), nonce: "n", on: other.path), 401, "unauthorized")
    }

    @Test func refusesAConnectionWithoutToken() throws {
        let terminal = try TestTerminal.enrolled(Shared.api)
        expectProblem(
            try terminal.server.post(terminal.path + "/connections", #"{"nonce":"n","boot_id":"b","agent_version":"1"}"#), 401, "unauthorized")
    }

    private static let badBodies: [(String, String)] = [
        (#"{"boot_id":"b","agent_version":"1"}"#, "invalid_body"), (#"{"nonce":"","boot_id":"b","agent_version":"1"}"#, "invalid_nonce"),
        (#"{"nonce":"a b","boot_id":"b","agent_version":"1"}"#, "invalid_nonce"),
        (#"{"nonce":"\#(String(repeating: "n", count: 65))","boot_id":"b","agent_version":"1"}"#, "invalid_nonce"), ("{", "malformed_json"),
        (#"{"nonce":"n","boot_id":"b","agent_version":"1","account":"!"}"#, "invalid_reference"),
    ]

    @Test(arguments: badBodies) func refusesABadBody(_ body: String, _ code: String) throws {
        let terminal = try TestTerminal.enrolled(Shared.api)
        expectProblem(try terminal.connectReply(token: terminal.token(terminal.goodClaims()), nonce: "n", body: body), 400, code)
    }

    @Test func refusesAnUnknownChannel() throws {
        let terminal = try TestTerminal.enrolled(Shared.api)
        let reply = try terminal.connectReply(
            token: terminal.token(terminal.goodClaims()), nonce: "n", on: "/v1/devices/\(terminal.imei)/channels/KazNothing")
        expectProblem(reply, 400, "unknown_channel")
    }

    // MARK: What the rules make of it

    @Test func answersASessionAndALeaseWithEveryClaim() throws {
        let server = try InProcess()
        let now = server.clock.now.unixSeconds
        try server.api.addAccount("ACC-LEASE")
        let terminal = try TestTerminal.enrolled(server.api, account: "ACC-LEASE")
        let reply = try terminal.connectReply(token: terminal.token(terminal.goodClaims(now: now)), nonce: "my-nonce_1")
        #expect(reply.status == 200)
        #expect(try #require(reply.json["expires_in_s"].integer) > 0)
        let parts = try #require(reply.json["lease"].string).split(separator: ".").map(String.init)
        let header = try JSONValue(#require(Base64URL.decode(parts[0])))
        #expect(header["alg"].string == "EdDSA" && header["typ"].string == "lease+jwt")
        #expect(header["kid"].string == terminal.serverKeys[0].thumbprint)
        let claims = try JSONValue(#require(Base64URL.decode(parts[1])))
        #expect(claims["sub"].string == terminal.imei)
        #expect(claims["chn"].string == "KazTimpaPro")
        #expect(claims["acc"].string == "ACC-LEASE")
        #expect(claims["locked"].bool == false)
        #expect(claims["iat"].integer == now)
        #expect(claims["ttl"].integer == 240 && claims["wait"].integer == 110)
        #expect(claims["nonce"].string == "my-nonce_1")
        #expect(try claims["rev"].integer == server.api.get("/v1/accounts/ACC-LEASE").json["revision"].integer)
        #expect(claims.keys == ["acc", "chn", "iat", "locked", "nonce", "rev", "sub", "ttl", "wait"])
    }

    @Test func tellsInALockedLeaseWhatIsBlockedAndWhy() throws {
        let api = try Shared.api
        let reference = Names.reference()
        try api.addAccount(reference)
        let terminal = try TestTerminal.connected(api, account: reference)
        try api.lock(reference)
        let lease = try terminal.connect()
        #expect(lease.locked && lease.reasons == ["account_locked"])
        #expect(
            lease.blocked == ["airtime_vend", "deposit_advance", "data_vend", "electricity_vend", "voucher_vend", "bill_payment", "money_transfer"])
        #expect(lease.msg?.isEmpty == false)
    }

    @Test func recordsTheLastChannelConnected() throws {
        let api = try Shared.api
        let reference = Names.reference()
        try api.addAccount(reference, channels: ["KazTimpaPro", "KazTimpaX"])
        let terminal = try TestTerminal.connected(api, account: reference)
        let last = try api.get("/v1/accounts/\(reference)").json["last_channel"]
        #expect(last["channel"].string == "KazTimpaPro" && last["imei"].string == terminal.imei)
        #expect(last["at"].string.flatMap { Timestamp($0) } != nil)
        let reply = try terminal.connectReply(
            token: terminal.token(terminal.goodClaims()), nonce: "n", on: "/v1/devices/\(terminal.imei)/channels/KazTimpaX")
        #expect(reply.status == 200)
        #expect(try api.get("/v1/accounts/\(reference)").json["last_channel"]["channel"].string == "KazTimpaX")
    }

    enum Refusal: String, CaseIterable {
        case accountLocked = "account_locked"
        case deviceLocked = "device_locked"
        case channelNotPermitted = "channel_not_permitted"
        case registeredToAnotherAccount = "registered_to_another_account"
    }

    @Test(arguments: Refusal.allCases) func givesARefusedConnectionALockedLeaseAndANote(_ refusal: Refusal) throws {
        let api = try Shared.api
        let reference = Names.reference()
        let other = Names.reference()
        try api.addAccount(reference)
        try api.addAccount(other)
        let terminal = try TestTerminal.connected(api, account: reference)
        let before = try api.get("/v1/accounts/\(reference)").json["last_channel"]
        var path: String?
        switch refusal {
        case .accountLocked: try api.lock(reference)
        case .deviceLocked: try api.must(201, "POST", "/v1/devices/\(terminal.imei)/holds", #"{"kind":"fraud","reason":"stolen"}"#)
        case .channelNotPermitted: path = "/v1/devices/\(terminal.imei)/channels/KazangMobi2"
        case .registeredToAnotherAccount: terminal.claims = other
        }
        let reply = try terminal.connectReply(token: terminal.token(terminal.goodClaims()), nonce: "n", on: path)
        #expect(reply.status == 200)
        let lease = try JSONValue(CompactJWS.verify(Array((reply.json["lease"].string ?? "").utf8), type: "lease+jwt", keys: terminal.serverKeys))
        #expect(lease["locked"].bool == true)
        #expect(lease["reasons"].strings == [refusal.rawValue])
        #expect(try api.get("/v1/accounts/\(reference)").json["last_channel"] == before)
        #expect(!(try api.get("/v1/accounts/\(other)").json.has("last_channel")))
        let note = try api.get("/v1/accounts/\(reference)/notes").json["notes"][0]
        #expect(note["kind"].string == "connection_refused")
        #expect(note["text"].string?.contains(terminal.imei) == true && note["text"].string?.contains(refusal.rawValue) == true)
    }

    @Test func refusesADeviceThatNamesNoAccountOrOneThatThereIsNot() throws {
        let api = try Shared.api
        let none = try TestTerminal.enrolled(api)
        let lease = try none.connect()
        #expect(lease.locked && lease.reasons == ["device_not_registered"] && lease.acc == nil)
        let wrong = try TestTerminal.enrolled(api, claims: Names.reference())
        let other = try wrong.connect()
        #expect(other.locked && other.reasons == ["account_unknown"] && other.acc == nil)
    }

    @Test func opensAnAccountThatIsMadeAfterTheTerminalNamedIt() throws {
        let api = try Shared.api
        let reference = Names.reference()
        let terminal = try TestTerminal.enrolled(api, claims: reference)
        let refused = try terminal.connect()
        try api.addAccount(reference)
        let accepted = try terminal.connect()
        #expect(!accepted.locked && accepted.rev > refused.rev)
    }

    @Test func acceptsAnUnregisteredDeviceOnASecondChannelBesideTheRegisteredOne() throws {
        let api = try Shared.api
        let reference = Names.reference()
        try api.addAccount(reference, channels: ["KazTimpaPro", "KazangMobi2"])
        let registered = try TestTerminal.connected(api, account: reference)
        let second = try TestTerminal.enrolled(api, claims: reference, on: "KazangMobi2")
        #expect(try second.connect().locked == false)
        #expect(try registered.poll(after: nil).locked == false)
        let third = try TestTerminal.enrolled(api, claims: reference, on: "KazangMobi2")
        let lease = try third.connect()
        #expect(lease.locked && lease.reasons == ["too_many_devices"])
        #expect(try second.connect().locked == false && registered.connect().locked == false)
        let devices = try api.get("/v1/accounts/\(reference)").json["devices"].array
        #expect(devices.contains { $0["imei"].string == second.imei && $0["registered"].bool == false })
    }

    @Test func allowsOneDeviceWhereOneChannelIsOpen() throws {
        let api = try Shared.api
        let reference = Names.reference()
        try api.addAccount(reference)
        _ = try TestTerminal.connected(api, account: reference)
        let second = try TestTerminal.enrolled(api, claims: reference)
        #expect(try second.connect().reasons == ["too_many_devices"])
    }

    /// Section 3 of the design: of the two that share an account, one is registered and one is not.
    @Test func countsDevicesNotChannels() throws {
        let api = try Shared.api
        let reference = Names.reference()
        try api.addAccount(reference, channels: ["KazTimpaPro", "KazangMobi2", "KazTimpaX"])
        _ = try TestTerminal.connected(api, account: reference)
        _ = try TestTerminal.connected(api, claims: reference, on: "KazangMobi2")
        let third = try TestTerminal.enrolled(api, claims: reference, on: "KazTimpaX")
        #expect(try third.connect().reasons == ["too_many_devices"])
    }

    @Test func neverLetsTheRevisionFallWhenAnUnregisteredDeviceChangesItsAccount() throws {
        let api = try Shared.api
        let references = (0..<3).map { _ in Names.reference() }
        for reference in references { try api.addAccount(reference, channels: ["KazTimpaPro", "KazangMobi2"]) }
        let terminal = try TestTerminal.enrolled(api, claims: references[2])
        var highest = try terminal.connect().rev
        // From the one that changed last to those that never changed, and to none.
        for _ in 0..<3 { try api.release(api.lock(references[2]), of: references[2]) }
        for claim in [references[2], references[0], references[1], nil, references[0], Names.reference(), references[2]] {
            terminal.claims = claim
            let connected = try terminal.connect()
            #expect(connected.rev >= highest, "claiming \(claim ?? "none")")
            highest = connected.rev
            if let claim, references.contains(claim) {
                let polled = try terminal.poll(after: nil)
                #expect(polled.rev >= highest && !polled.locked)
                highest = polled.rev
            }
        }
    }
}
