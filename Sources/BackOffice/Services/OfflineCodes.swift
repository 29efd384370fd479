import LockRules
import Signing
import Store
package import Wire

/// Codes that a terminal obeys without a network: each says to one terminal what the server says already.
///
/// A code never decides anything: `unlock` and `extend` are issued while the back office holds the terminal unlocked, `lock` while it
/// holds it locked. So server and terminal agree again as soon as the terminal is heard. A lock makes all codes of before worthless where it
/// arrives: its lease says from which one on they count.
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
            let first = max(key.nextUsed, key.voidBelow)
            let counter = min(max(key.nextIssued, first), first + OfflineCode.window - 1)
            guard let code = OfflineCode(counter: counter, action: action, hours: hours) else {
                preconditionFailure("hours and counter were checked")
            }
            key.nextIssued = max(key.nextIssued, counter + 1)
            key.unusedHours = max(key.unusedHours, hours)
            try writer.putCodeKey(key)
            let text = "Offline code \(counter) issued for device \(imei): \(Self.words(action.rawValue, hours)). Vendor verified. \(note)"
            try Devices.note("offline_code_issued", text, on: device, by: actor, at: now, in: writer)
            return OfflineCodeBody(
                code: OfflineCode.spoken(try codes.digits(of: code)), counter: counter, action: action, hours: hours,
                ends_with_counter: first + OfflineCode.window - 1)
        }
    }

    /// What a terminal says with its connection.
    /// - Returns: a signed grant for one that has no key; for one that counts from further back than it should, where codes begin to count.
    func connected(
        _ imei: IMEI, next: Int64?, isLocked: Bool, nonce: String, in writer: any StoreWriter
    ) throws -> (grant: [UInt8]?, nextCode: Int64?) {
        let known = try writer.codeKey(of: imei)
        if let next {
            guard var known, (0...TerminalEvent.highestSequence).contains(next) else { return (nil, nil) }
            if next > known.nextUsed {
                known.nextUsed = next
                known.nextIssued = max(known.nextIssued, next)
                try writer.putCodeKey(known)
            } else if next < known.nextUsed {
                try noteRollback(of: imei, from: known.nextUsed, to: next, in: writer)
            }
            let floor = Self.floor(of: known, isLocked: isLocked)
            return (nil, next < floor ? floor : nil)
        }
        // A key of its own each time: under an old one, codes that were used might work again.
        var fresh = CodeKeyRecord(imei: imei, key: try OfflineCodeKey.newBytes())
        fresh.nextIssued = max(known?.nextIssued ?? 0, known?.nextUsed ?? 0)
        fresh.nextUsed = fresh.nextIssued
        try writer.putCodeKey(fresh)
        let grant = OfflineCodeGrant(sub: imei, nonce: nonce, key: Base64URL.encode(fresh.key), next: fresh.nextUsed)
        return (try CompactJWS.Signer(key: signing, type: OfflineCodeGrant.type).sign(JSON.encode(grant)), nil)
    }

    /// Where codes begin to count: under a lock none that was given before, else those that the terminal has not used.
    static func floor(of key: CodeKeyRecord, isLocked: Bool) -> Int64 {
        isLocked ? max(key.nextIssued, key.nextUsed) : max(key.nextUsed, key.voidBelow)
    }

    private func noteRollback(of imei: IMEI, from: Int64, to: Int64, in writer: any StoreWriter) throws {
        let text =
            "Terminal \(imei) counts its offline codes from \(to) and has used them up to \(from - 1): old files were put back. Used codes count no more."
        let subject = try writer.device(imei)?.governing.map(Subject.account) ?? .device(imei)
        try writer.appendNote(
            Actor.terminal(imei, address: "").note(on: subject, at: environment.now, kind: TerminalEvent.Kind.tamper.rawValue, text: text))
    }

    /// A terminal enforces a lock: no code of before counts there, and no hours that one gave.
    /// - Parameter isLocked: and none can have been given since.
    static func lockEnforced(on imei: IMEI, isLocked: Bool, in writer: any StoreWriter) throws {
        guard var key = try writer.codeKey(of: imei) else { return }
        let before = key
        key.voidBelow = max(key.voidBelow, key.nextIssued)
        if isLocked { (key.extendedUntil, key.unusedHours) = (nil, 0) }
        if key != before { try writer.putCodeKey(key) }
    }

    /// A terminal reports a code as used.
    static func used(_ event: TerminalEvent, imei: IMEI, at now: Timestamp, in writer: any StoreWriter) throws {
        guard event.kind == TerminalEvent.Kind.codeUsed.rawValue, let counter = event.counter, (0..<TerminalEvent.highestSequence).contains(counter),
            var key = try writer.codeKey(of: imei)
        else { return }
        key.nextUsed = max(key.nextUsed, counter + 1)
        key.nextIssued = max(key.nextIssued, key.nextUsed)
        if key.nextUsed == key.nextIssued { key.unusedHours = 0 }
        // It was typed before now, so that its hours end before this.
        let end = now.adding(.seconds(min(max(0, event.hours ?? 0), OfflineCode.mostHours) * 3600))
        if end > now { key.extendedUntil = max(key.extendedUntil ?? end, end) }
        try writer.putCodeKey(key)
    }

    static func words(_ action: String, _ hours: Int) -> String { hours > 0 ? "\(action), \(hours) h" : action }
}
