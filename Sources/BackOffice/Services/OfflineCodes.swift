import LockRules
import Signing
import Store
package import Wire

/// Codes that a terminal obeys without a network: each says to one terminal what the server says already.
///
/// A code never decides anything: `unlock` and `extend` are issued while the back office holds the terminal unlocked, `lock` while it
/// holds it locked. So server and terminal agree again as soon as the terminal is heard.
package struct OfflineCodes: Sendable {
    private let environment: Environment
    private let signing: Ed25519PrivateKey

    package init(environment: Environment, keys: ServerKeys) {
        self.environment = environment
        signing = keys.signing
    }

    /// A code, shown once.
    package func issue(_ body: NewOfflineCodeBody, for imei: IMEI, by actor: Actor) throws -> OfflineCodeBody {
        let note = body.note.trimmed
        guard !note.isEmpty, note.count <= 500 else { throw Problem(.textRequired, "Say why the code is given in 'note' (1 to 500 characters).") }
        guard body.verified else { throw Problem(.invalidBody, "Verify the vendor first, then send 'verified': true.") }
        guard let action = OfflineCode.Action(rawValue: body.action) else {
            let known = OfflineCode.Action.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem(.invalidBody, "'action' is not known. Known are \(known).")
        }
        let allowed = OfflineCode.hours(of: action)
        let hours = body.hours ?? 0
        guard allowed.contains(hours) else {
            throw Problem(.invalidBody, "'hours' of \(action.rawValue) must be \(allowed.lowerBound) to \(allowed.upperBound).")
        }
        let now = environment.now
        return try environment.store.write { writer in
            let device = try Devices.existing(imei, in: writer)
            guard device.publicKey != nil, let channel = device.enrolledChannel else {
                throw Problem(.notEnrolled, "The device \(imei) is not enrolled. Issue an enrolment code for it.")
            }
            let state = LockState(channel: channel, facts: try writer.lockFacts(imei: imei, claiming: device.claimed))
            guard state.isLocked == (action == .lock) else {
                let next =
                    action == .lock
                    ? "Lock it first: the terminal would be unlocked again when it is heard."
                    : "It is locked here (\(state.reasons.map(\.rawValue).joined(separator: ", "))). Have that lifted first."
                throw Problem(.lockStateDiffers, "No code was given for device \(imei). \(next)")
            }
            guard var key = try writer.codeKey(of: imei), let codes = OfflineCodeKey(key.key, imei: imei) else {
                throw Problem(.noCodeKey, "The device \(imei) has no key for offline codes: it gets one with its next connection.")
            }
            // With too many unused, the last counter serves again: of its codes, too, one at most is accepted.
            let counter = min(max(key.nextIssued, key.nextUsed), key.nextUsed + OfflineCode.window - 1)
            guard let code = OfflineCode(counter: counter, action: action, hours: hours) else {
                preconditionFailure("hours and counter were checked")
            }
            key.nextIssued = max(key.nextIssued, counter + 1)
            try writer.putCodeKey(key)
            let text = "Offline code \(counter) issued for device \(imei): \(Self.words(action.rawValue, hours)). Vendor verified. \(note)"
            try Devices.note("offline_code_issued", text, on: device, by: actor, at: now, in: writer)
            return OfflineCodeBody(
                code: OfflineCode.spoken(try codes.digits(of: code)), counter: counter, action: action, hours: hours,
                ends_with_counter: key.nextUsed + OfflineCode.window - 1)
        }
    }

    /// What a terminal says with its connection.
    /// - Returns: a signed grant for one that has no key.
    func connected(_ imei: IMEI, next: Int64?, nonce: String, in writer: any StoreWriter) throws -> [UInt8]? {
        let known = try writer.codeKey(of: imei)
        if let next {
            guard var known, next > known.nextUsed, next <= TerminalEvent.highestSequence else { return nil }
            known.nextUsed = next
            known.nextIssued = max(known.nextIssued, next)
            try writer.putCodeKey(known)
            return nil
        }
        // A key of its own each time: under an old one, codes that were used might work again.
        var fresh = CodeKeyRecord(imei: imei, key: try OfflineCodeKey.newBytes())
        fresh.nextIssued = max(known?.nextIssued ?? 0, known?.nextUsed ?? 0)
        fresh.nextUsed = fresh.nextIssued
        try writer.putCodeKey(fresh)
        let grant = OfflineCodeGrant(sub: imei, nonce: nonce, key: Base64URL.encode(fresh.key), next: fresh.nextUsed)
        return try CompactJWS.Signer(key: signing, type: OfflineCodeGrant.type).sign(JSON.encode(grant))
    }

    /// A terminal reports a code as used.
    static func used(_ event: TerminalEvent, imei: IMEI, in writer: any StoreWriter) throws {
        guard event.kind == TerminalEvent.Kind.codeUsed.rawValue, let counter = event.counter, (0..<TerminalEvent.highestSequence).contains(counter),
            var key = try writer.codeKey(of: imei), counter >= key.nextUsed
        else { return }
        key.nextUsed = counter + 1
        key.nextIssued = max(key.nextIssued, key.nextUsed)
        try writer.putCodeKey(key)
    }

    static func words(_ action: String, _ hours: Int) -> String { hours > 0 ? "\(action), \(hours) h" : action }
}
