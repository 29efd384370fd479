import BackOffice
import Messaging
import TestSupport

/// A back office with WhatsApp, a stand-in in Meta's place, one vendor, and three people of the office, under a clock that the test moves.
final class NumberOffice {
    static let old = "+27711234567"
    static let new = "+27821234567"
    private static let secret = "a secret of these tests"

    let graph: GraphStandIn
    let office: InProcess
    let desk: API
    let senior: API
    let reference: String

    var admin: API { office.api }
    var clock: ManualClock { office.clock }
    var path: String { "/v1/accounts/\(reference)" }

    init(number: String? = NumberOffice.old) throws {
        graph = try GraphStandIn()
        office = try InProcess(
            messaging: MessagingConfiguration(
                whatsapp: WhatsAppConfiguration(
                    appSecret: Self.secret, accessToken: "graph-token", phoneNumberID: "200000000000002", graphURL: graph.url)))
        desk = try office.api.issueToken(role: "call_centre", name: "desk")
        senior = try office.api.issueToken(role: "senior", name: "senior")
        reference = Names.reference()
        try office.api.addAccount(reference, number: number)
    }

    // MARK: The vendor

    func receive(_ message: TestSupport.WhatsAppMessage) throws {
        let reply = try Webhooks.whatsApp([message], secret: Self.secret).post(to: admin.port, "/hooks/whatsapp")
        guard reply.status == 200 else { throw Failure("webhook: \(reply.status) \(reply.text)") }
    }

    /// Whether a Stop from this sender locks the account; opens it again.
    func locks(_ sender: TestSupport.WhatsAppSender, _ reference: String? = nil) throws -> Bool {
        let reference = reference ?? self.reference
        try receive(.text("Stop \(reference)", from: sender))
        let holds = try admin.must(200, "GET", "/v1/accounts/\(reference)")["holds"].array
        for hold in holds { try admin.release(hold["id"].string ?? "", of: reference) }
        return !holds.isEmpty
    }

    /// As WhatsApp writes a number.
    static func sender(_ number: String) -> TestSupport.WhatsAppSender { .phone(String(number.dropFirst())) }

    // MARK: The office

    static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13]

    /// A request with all that it takes.
    static func body(to number: String, evidence: [String]? = nil) -> String {
        let evidence =
            evidence ?? [
                notice(png, "image/png"), words("last_conversation", "wrote on Monday about a voucher"),
                words("past_transaction", "airtime for R 20.00 on Tuesday"),
            ]
        return #"{"new_number":"\#(number)","reason":"lost the SIM card","evidence":[\#(evidence.joined(separator: ","))]}"#
    }

    static func notice(_ content: [UInt8], _ type: String, kind: String = "change_notice") -> String {
        #"{"kind":"\#(kind)","content_type":"\#(type)","content":"\#(content.base64)"}"#
    }

    static func words(_ kind: String, _ text: String) -> String { #"{"kind":"\#(kind)","text":"\#(text)"}"# }

    @discardableResult
    func request(to number: String = NumberOffice.new, by caller: API? = nil) throws -> String {
        guard let id = try (caller ?? desk).must(201, "POST", path + "/number-changes", Self.body(to: number))["id"].string else {
            throw Failure("a request without id")
        }
        return id
    }

    /// - Parameter word: approval, refusal or cancellation.
    func decide(_ word: String, _ id: String, by caller: API? = nil) throws -> Reply {
        try (caller ?? senior).post(path + "/number-changes/\(id)/\(word)", #"{"note":"asked the vendor"}"#)
    }

    /// Asked for by the desk, approved by the senior.
    @discardableResult
    func change(to number: String = NumberOffice.new) throws -> String {
        let id = try request(to: number)
        let reply = try decide("approval", id)
        guard reply.status == 200 else { throw Failure("approval: \(reply.status) \(reply.text)") }
        return id
    }

    var account: JSONValue { get throws { try admin.must(200, "GET", path) } }

    func notes(_ kind: String) throws -> [JSONValue] {
        try admin.must(200, "GET", path + "/notes?limit=200")["notes"].array.filter { $0["kind"].string == kind }
    }

    /// What the outbox lists of the account, newest first.
    func outgoing() throws -> [JSONValue] { try admin.must(200, "GET", path + "/messages")["sent"].array }
}

extension [UInt8] {
    /// RFC 4648 section 4, by a stranger's hand.
    var base64: String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(count / 3 * 4 + 4)
        for start in stride(from: 0, to: count, by: 3) {
            let group = self[start..<Swift.min(start + 3, count)]
            var bits = group.reduce(0) { $0 << 8 | Int($1) }
            bits <<= 8 * (3 - group.count)
            for place in 0..<4 { text.append(place <= group.count ? alphabet[bits >> (18 - 6 * place) & 63] : UInt8(ascii: "=")) }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
