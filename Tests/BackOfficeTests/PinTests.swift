import BackOffice
import Signing
import TestSupport
import Testing
import Wire

/// The keys that terminals are told to expect of their server.
@Suite struct PinTests {
    private static let one = CertificatePin(digest: [UInt8](repeating: 1, count: 32))
    private static let two = CertificatePin(digest: [UInt8](repeating: 2, count: 32))

    @Test(arguments: [nil, [], [one, two]])
    func areGivenWithTheEnrolmentAndSignedWithEachConnection(_ pins: [CertificatePin]?) throws {
        let office = try InProcess(pins: pins)
        let terminal = try TestTerminal(server: office.api)
        try office.api.addDevice(terminal.imei)
        let enrolled = try terminal.enrol(code: office.api.enrolmentCode(for: terminal.imei))
        #expect(enrolled.status == 201)
        #expect(enrolled.json["pins"].strings == pins?.map(\.description) ?? [])
        let reply = try terminal.connectReply(token: terminal.token(terminal.goodClaims(now: office.clock.now.unixSeconds)), nonce: "NONCE-1")
        #expect(reply.status == 200, "\(reply.text)")
        guard let pins else {
            #expect(reply.json["pins"].string == nil)
            return
        }
        let token = Array(try #require(reply.json["pins"].string).utf8)
        let grant = try JSON.decode(PinGrant.self, from: CompactJWS.verify(token, type: PinGrant.type, keys: terminal.serverKeys))
        #expect(grant == PinGrant(sub: try IMEI(terminal.imei), nonce: "NONCE-1", pins: pins))
        // Not to be taken for a lease, nor the other way round.
        #expect(throws: JWSRefusal.self) { try CompactJWS.verify(token, type: LeaseClaims.type, keys: terminal.serverKeys) }
    }

    @Test func theOperatorIsToldBeforeTerminalsAreShutOut() throws {
        func warnings(_ office: InProcess) -> String { office.backOffice.pins.warnings.joined() }
        let first = try InProcess(pins: [Self.one, Self.two], ownPin: Self.one)
        #expect(warnings(first) == "")
        let rotated = try InProcess(after: first, pins: [Self.two], ownPin: Self.two)
        #expect(warnings(rotated) == "")
        let without = try InProcess(after: rotated, ownPin: Self.two)
        #expect(warnings(without).contains("write it as before, or []"))
        let foreign = try InProcess(after: without, pins: [Self.one], ownPin: Self.one)
        #expect(warnings(foreign).contains("refuse the key that is in use now"))
        let behindAProxy = try InProcess(after: foreign, pins: [Self.two])
        #expect(warnings(behindAProxy).contains("refuse the key that is in use now"))
        let ended = try InProcess(after: behindAProxy, pins: [])
        #expect(warnings(ended) == "")
        let after = try InProcess(after: ended, ownPin: Self.one)
        #expect(warnings(after) == "")
    }

    @Test(arguments: ["tls_pin", "tls_certificate", "tls_name", "not_vendlock"])
    func whatATerminalDidNotBelieveIsNotedWithItsMeaningAndCount(_ why: String) throws {
        let api = try Shared.api
        let account = Names.reference()
        try api.addAccount(account)
        let terminal = try TestTerminal.connected(api, account: account)
        #expect(try terminal.eventsReply([terminal.event("lease_rejected", "\"why\":\"\(why)\",\"count\":42")]).status == 200)
        let notes = try api.get("/v1/accounts/\(account)/notes").json["notes"].array.compactMap { $0["text"].string }
        let note = try #require(notes.first { $0.contains("refused a lease: \(why) (") })
        #expect(note.contains("in the server's place") && note.contains("42 times"))
    }
}
