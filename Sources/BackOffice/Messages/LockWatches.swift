import Messaging
import Store
import Wire

/// Follows each lock until its last terminal confirms: then whoever asked for it is told, and when one stays silent, people are.
struct LockWatches: Sendable {
    private let outbox: Outbox
    private let alerts: Alerts

    /// A connected terminal confirms within milliseconds; beyond this somebody should know.
    static let patience = Duration.seconds(60)

    init(outbox: Outbox, alerts: Alerts) {
        self.outbox = outbox
        self.alerts = alerts
    }

    /// In the transaction that places the hold.
    ///
    /// - Parameters:
    ///   - replyTo: who is told when the last terminal confirms: a `ReplyAddress` as JSON.
    ///   - reply: the row of the outbox in which the first answer waits.
    static func begin(_ placed: Holds.Placed, replyTo: [UInt8]? = nil, reply: Int64? = nil, in writer: any StoreWriter) throws {
        let account: AccountReference? = if case .account(let reference) = placed.hold.subject { reference } else { nil }
        try writer.insertLockWatch(
            LockWatchRecord(
                holdID: placed.hold.id, account: account, noteID: placed.noteID, replyTo: replyTo, replyNumber: reply,
                dueAt: placed.terminals.isEmpty ? nil : placed.hold.requestedAt.adding(patience),
                finishedAt: placed.terminals.isEmpty ? placed.hold.requestedAt : nil))
    }

    /// In the transaction that marked these as enforced.
    func confirmed(_ deliveries: [DeliveryRecord], now: Timestamp, in writer: any StoreWriter) throws {
        for id in Set(deliveries.map(\.holdID)) {
            guard var watch = try writer.lockWatch(ofHold: id), watch.finishedAt == nil,
                try writer.deliveries(ofHold: id).allSatisfy({ try $0.enforcedAt != nil || Self.isOut($0.imei, in: writer) })
            else { continue }
            watch.finishedAt = now
            watch.dueAt = nil
            try writer.updateLockWatch(watch)
            // Whoever asked for a lock that was released meanwhile need not hear that it was obeyed.
            guard let reply = watch.replyTo, try writer.hold(id)?.releasedAt == nil else { continue }
            let address = try JSON.decode(ReplyAddress.self, from: reply)
            if let number = watch.replyNumber, var record = try writer.outbox(number), record.state == .waiting {
                // The answer has not gone yet, and will say that all have stopped.
                if record.attempts == 0 {
                    record.notBefore = min(record.notBefore, now)
                    record.changedAt = now
                    try writer.updateOutbox(record)
                }
                continue
            }
            try outbox.say(.allStopped(hold: id), to: address, account: watch.account, now: now, in: writer)
            if address.provider == .freshchat {
                // A message in a resolved conversation opens it again.
                try outbox.put(.freshchatResolve(conversation: address.to), account: watch.account, now: now, in: writer)
            }
        }
    }

    /// Whether a terminal was taken out of service since: it refuses for good, and will never say so.
    private static func isOut(_ imei: IMEI, in reader: any StoreReader) throws -> Bool { try reader.device(imei)?.isDecommissioned ?? true }

    /// What offline codes let them sell beyond that.
    private static func codes(of terminals: [IMEI], _ now: Timestamp, _ reader: any StoreReader) throws -> String {
        try terminals.compactMap { imei -> String? in
            guard let codes = try reader.codeKey(of: imei) else { return nil }
            if codes.unusedHours > 0 { return " For \(imei) an offline code of \(codes.unusedHours) h was given and not used." }
            return codes.extendedUntil.flatMap { $0 > now ? " By an offline code \(imei) may sell until \($0)." : nil }
        }.joined()
    }

    /// Tells people of the locks that a terminal has not confirmed in time.
    func remind(of store: any Store, now: Timestamp) throws {
        guard try store.read({ try !$0.dueLockWatches(now: now, limit: 1).isEmpty }) else { return }
        try store.write { writer in
            for var watch in try writer.dueLockWatches(now: now, limit: 100) {
                watch.dueAt = nil
                try writer.updateLockWatch(watch)
                guard let hold = try writer.hold(watch.holdID), hold.releasedAt == nil else { continue }
                let silent = try writer.deliveries(ofHold: hold.id).filter { $0.enforcedAt == nil }
                guard !silent.isEmpty else { continue }
                let what =
                    switch hold.subject {
                    case .account(let reference): "account \(reference)"
                    case .device(let imei): "device \(imei)"
                    }
                let terminals = silent.map { "\($0.imei)" }.joined(separator: ", ")
                try alerts.raise(
                    .notConfirmed,
                    "The lock of \(what) (\(hold.kind.rawValue)) was not confirmed within 60 s by \(terminals). They stop when their lease runs out.\(try Self.codes(of: silent.map(\.imei), now, writer))",
                    about: what, in: writer)
            }
        }
    }
}
