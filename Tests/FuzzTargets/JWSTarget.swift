import Agent
import AgentCore
import Signing
import Wire

extension FuzzTarget {
    /// What the server signs, as the terminal reads it: leases, and keys for offline codes.
    ///
    /// The first letter says what the rest is: `r` a token; `p` the payload of a lease, `g` of a grant, rightly signed; `h` a header, a line
    /// feed, and a payload, rightly signed; `t` the place and the change of one byte, and the payload of a lease.
    static let jws = FuzzTarget(name: "jws") {
        let reader = try SignedReader()
        return { bytes in
            let (kind, rest) = kind(of: bytes)
            switch kind {
            case "p": try reader.take(lease: reader.leases.sign(rest))
            case "g": try reader.take(grant: reader.grants.sign(rest))
            case "h":
                let (header, payload) = line(of: rest)
                try reader.take(lease: SignedReader.token(header: header, payload, by: reader.key))
            case "t": try reader.noticesAChange(of: Array(rest.dropFirst(2)), place: rest.first ?? 0, by: rest.dropFirst().first ?? 0)
            default: try reader.take(lease: rest)
            }
        }
    }
}

/// Reads what is signed, and lets a terminal live by it.
struct SignedReader {
    let key: Ed25519PrivateKey
    let verifier: LeaseVerifier
    let leases: CompactJWS.Signer
    let grants: CompactJWS.Signer

    init() throws {
        key = try FuzzNames.key()
        verifier = try LeaseVerifier(JWKSet(keys: [key.publicKey.jwk]))
        leases = try CompactJWS.Signer(key: key, type: LeaseClaims.type)
        grants = try CompactJWS.Signer(key: key, type: OfflineCodeGrant.type)
    }

    static func token(header: [UInt8], _ payload: [UInt8], by key: Ed25519PrivateKey) throws -> [UInt8] {
        let signed = Base64URL.encode(header) + "." + Base64URL.encode(payload)
        return Array((signed + "." + Base64URL.encode(try key.sign(Array(signed.utf8)))).utf8)
    }

    func take(lease token: [UInt8]) throws {
        let claims: LeaseClaims
        do throws(LeaseVerifier.Refusal) { claims = try verifier.verify(token) } catch { return }
        let again = try JSON.decode(LeaseClaims.self, from: claims.encoded())
        try hold(again == claims, "a lease reads back as another: \(claims)")
        var terminal = try FuzzedTerminal()
        try terminal.receive(.connectionAnswered(session: "s", expiresIn: .seconds(86_400), lease: claims, sentAt: terminal.sentAt))
        try terminal.receive(.located(Fix(lat: 1, lon: 2, accuracy: nil, at: Timestamp(unixMilliseconds: 0))))
        try terminal.live()
    }

    func take(grant token: [UInt8]) throws {
        let grant: OfflineCodeGrant
        do throws(LeaseVerifier.Refusal) { grant = try verifier.verifyGrant(token) } catch { return }
        // As the agent takes it.
        guard grant.next >= 0, let bytes = Base64URL.decode(grant.key), let key = OfflineCodeKey(bytes, imei: FuzzNames.imei) else { return }
        var terminal = try FuzzedTerminal()
        try terminal.grant(CodeMemory(imei: FuzzNames.imei, next: grant.next))
        try terminal.enterCode { try key.code(of: "0123456789", from: $0) }
    }

    /// Each byte of a token is signed, or is the signature.
    func noticesAChange(of payload: [UInt8], place: UInt8, by change: UInt8) throws {
        var token = try leases.sign(payload)
        guard token.count <= CompactJWS.longest, change != 0 else { return }
        token[Int(place) * 7 % token.count] ^= change
        do throws(LeaseVerifier.Refusal) { _ = try verifier.verify(token) } catch { return }
        throw Broken(description: "an altered token is believed: \(String(decoding: token, as: UTF8.self))")
    }
}
