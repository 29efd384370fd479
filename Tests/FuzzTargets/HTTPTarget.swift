import Agent
import AgentCore
import HTTPClient
import Signing
import Wire

extension FuzzTarget {
    /// What the server answers to a terminal: `c` to a connection, `p` to a poll, `r` to a report.
    ///
    /// `c200`, a line for each header, an empty line, the body. In the body `LEASE`, `CODES`, `PINS` stand for what is rightly signed.
    static let http = FuzzTarget(name: "http") {
        let signed = try SignedReader()
        let lease = try signed.leases.sign(
            LeaseClaims(
                sub: FuzzNames.imei, chn: FuzzNames.channelCode(), rev: 5, locked: false, iat: FuzzNames.now / 1000, ttl: 240,
                nonce: FuzzNames.nonce, wait: 110
            ).encoded())
        let grant = try signed.grants.sign(
            JSON.encode(OfflineCodeGrant(sub: FuzzNames.imei, nonce: FuzzNames.nonce, key: String(repeating: "A", count: 43), next: 0)))
        let pins = try CompactJWS.Signer(key: signed.key, type: PinGrant.type).sign(
            JSON.encode(PinGrant(sub: FuzzNames.imei, nonce: FuzzNames.nonce, pins: [CertificatePin(digest: [UInt8](repeating: 1, count: 32))])))
        let words = [("LEASE", lease), ("CODES", grant), ("PINS", pins)]
        return { bytes in
            let (kind, response) = response(bytes, words)
            try take(kind, response, signed)
        }
    }

    private static func response(_ bytes: [UInt8], _ words: [(String, [UInt8])]) -> (kind: Character, HTTPClientResponse) {
        var (first, rest) = line(of: bytes)
        var headers: [HTTPClientResponse.Header] = []
        while !rest.isEmpty {
            let (field, below) = line(of: rest)
            rest = below
            guard let colon = field.firstIndex(of: UInt8(ascii: ":")) else { break }
            let value = String(decoding: field[(colon + 1)...].drop { $0 == UInt8(ascii: " ") }, as: UTF8.self)
            headers.append(.init(name: String(decoding: field[..<colon], as: UTF8.self), value: value))
        }
        let kind = first.isEmpty ? " " : Character(Unicode.Scalar(first.removeFirst()))
        let status = Int(String(decoding: first, as: UTF8.self)) ?? 200
        let body = words.reduce(rest) { $0.replacing($1.0, with: $1.1) }
        return (kind, HTTPClientResponse(status: status, headers: headers, body: body, serverKey: [UInt8](repeating: 1, count: 32)))
    }

    private static func take(_ kind: Character, _ response: HTTPClientResponse, _ signed: SignedReader) throws {
        var answers = ServerAnswers(verifier: signed.verifier)
        var terminal = try FuzzedTerminal()
        switch kind {
        case "p":
            try terminal.connect()
            try terminal.receive(answers.poll(.success(response), sentAt: terminal.sentAt))
        case "r":
            try terminal.connect()
            try terminal.receive(answers.report(.success(response)))
        default:
            let event = answers.connection(.success(response), sentAt: terminal.sentAt, unixMilliseconds: FuzzNames.now)
            if case .connectionAnswered(let session, let life, _, _, _) = event {
                try hold(!session.contains { $0 == "\r" || $0 == "\n" || $0 == "\r\n" }, "a session would end the header it is put into")
                try hold(life > .zero, "a session has ended before it began")
                try hold(response.status == 200, "a status \(response.status) connects")
            }
            try terminal.receive(event)
            // The next token is made with the time that the answer taught.
            _ = answers.clock.now(unixMilliseconds: FuzzNames.now)
            _ = answers.connection(.success(response), sentAt: terminal.sentAt, unixMilliseconds: FuzzNames.now)
            if answers.takePins() != nil { try hold(answers.takePins() == nil, "pins can be taken twice") }
            if let grant = answers.takeGrant() { try hold(answers.takeGrant() == nil, "a grant can be taken twice: \(grant.next)") }
        }
        try terminal.live()
    }
}
