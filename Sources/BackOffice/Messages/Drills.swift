import Messaging
import Store
package import Wire

/// Drills: a new revision goes the whole way to each terminal of an account and back (store, signature, network, the terminal's own storage),
/// as a lock does, and nothing is locked by it.
package struct Drills: Sendable {
    private let environment: Environment
    private let outbox: Outbox

    /// How long terminals are waited for.
    static let patience = Duration.seconds(10)
    /// Between two that messages ask for; what is asked for earlier is answered with the last one's result.
    static let pause = Duration.seconds(60)

    init(environment: Environment, outbox: Outbox) {
        self.environment = environment
        self.outbox = outbox
    }

    /// A drill that staff ask for.
    package func start(_ reference: AccountReference, by actor: Actor) throws -> DrillBody {
        let now = environment.now
        let id = try Identifier.make("drill", at: now)
        _ = try environment.store.write { writer in
            _ = try Accounts.existing(reference, in: writer)
            return try begin(id, of: reference, by: actor, replyTo: nil, now: now, in: writer)
        }
        committed(id)
        return try show(id, of: reference)
    }

    package func show(_ id: String, of reference: AccountReference) throws -> DrillBody {
        try environment.store.read { reader in
            guard let drill = try reader.drill(id), drill.account == reference else {
                throw Problem(.drillNotFound, "There is no such drill of account \(reference).")
            }
            return DrillBody(drill, try reader.drillTerminals(id))
        }
    }

    package func list(of reference: AccountReference, limit: Int) throws -> DrillListBody {
        try environment.store.read { reader in
            _ = try Accounts.existing(reference, in: reader)
            return DrillListBody(drills: try reader.drills(of: reference, limit: limit).map { DrillBody($0, try reader.drillTerminals($0.id)) })
        }
    }

    /// In a transaction of whoever asks for it. `committed` is to be called when it is on disk.
    func begin(
        _ id: String, of reference: AccountReference, by actor: Actor, replyTo: ReplyAddress?, now: Timestamp, in writer: any StoreWriter
    ) throws -> DrillRecord {
        let terminals = try writer.enrolledDevices(of: reference)
        let revision = try writer.raiseRevision(of: .account(reference), now: now)
        var drill = DrillRecord(
            id: id, account: reference, revision: revision, requestedBy: actor.name, source: actor.via, requestedAt: now,
            replyTo: replyTo.map { JSON.encode($0) })
        if terminals.isEmpty { drill.finishedAt = now }
        try writer.insertDrill(drill, terminals: terminals)
        try writer.appendNote(
            actor.note(
                on: .account(reference), at: now, kind: "drill", text: "Drill started for \(terminals.count) terminals; nothing is locked by it."))
        if terminals.isEmpty { try answer(drill, now: now, in: writer) }
        try writer.touch(.account(reference))
        return drill
    }

    func committed(_ id: String) {
        let at = environment.now
        environment.store.writeLater { writer in
            guard var drill = try writer.drill(id), drill.committedAt == nil else { return }
            drill.committedAt = at
            try writer.updateDrill(drill)
        }
    }

    /// In the transaction that learns that a terminal has stored `revision`.
    ///
    /// - Returns: whether a drill came further.
    func confirmed(by imei: IMEI, upTo revision: Revision, now: Timestamp, in writer: any StoreWriter) throws -> Bool {
        let changed = try writer.markDrillConfirmed(by: imei, upTo: revision, at: now)
        for id in changed {
            guard let drill = try writer.drill(id), try writer.drillTerminals(id).allSatisfy({ $0.confirmedAt != nil }) else { continue }
            try finish(drill, now: now, in: writer)
        }
        return !changed.isEmpty
    }

    /// Ends those that have waited long enough.
    func endLate(now: Timestamp) throws {
        let limit = Timestamp(unixMilliseconds: now.unixMilliseconds - Self.patience.components.seconds * 1000)
        guard try environment.store.read({ try !$0.openDrills(requestedBefore: limit, limit: 1).isEmpty }) else { return }
        try environment.store.write { writer in
            for drill in try writer.openDrills(requestedBefore: limit, limit: 100) {
                try finish(drill, now: now, in: writer)
                // Or every later poll of its terminals would be a try to confirm it.
                try writer.touch(.account(drill.account))
            }
        }
    }

    private func finish(_ drill: DrillRecord, now: Timestamp, in writer: any StoreWriter) throws {
        var drill = drill
        guard drill.finishedAt == nil else { return }
        drill.finishedAt = now
        try writer.updateDrill(drill)
        let terminals = try writer.drillTerminals(drill.id)
        let answered = terminals.compactMap(\.confirmedAt)
        let slowest = answered.map { $0.unixMilliseconds - drill.requestedAt.unixMilliseconds }.max()
        let text = "Drill: \(answered.count) of \(terminals.count) terminals answered" + (slowest.map { ", the last after \($0) ms." } ?? ".")
        try writer.appendNote(Actor.system.note(on: .account(drill.account), at: now, kind: "drill_finished", text: text))
        try answer(drill, now: now, in: writer)
    }

    private func answer(_ drill: DrillRecord, now: Timestamp, in writer: any StoreWriter) throws {
        guard let reply = drill.replyTo else { return }
        let address = try JSON.decode(ReplyAddress.self, from: reply)
        try outbox.say(.drill(id: drill.id), to: address, account: drill.account, now: now, in: writer)
        if address.provider == .freshchat { try outbox.closeConversation(address.to, account: drill.account, now: now, in: writer) }
    }
}
