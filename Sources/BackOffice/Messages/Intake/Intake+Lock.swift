import Messaging
import Store
import Wire

/// A command from a linked sender.
extension Intake {
    func lock(
        _ item: Prepared, _ account: AccountRecord, teach: Bool, from address: String, answering: Answering, now: Timestamp,
        in writer: any StoreWriter
    ) throws -> Result {
        let reference = account.reference
        let standing = try writer.standingHolds(on: .account(reference))
        // A closed account is locked more firmly than a vendor can: nothing is added, and the answer says since when.
        let closing = try writer.closure(of: reference)?.holdID
        if let hold = standing.first(where: { $0.kind == .vendor || $0.id == closing }) {
            return try lockedAlready(item, hold, teach: teach, answering: answering, now: now, in: writer)
        }
        let message = item.message
        let sent = message.sentAt.map { ", sent \($0)" } ?? ""
        let reason = "Stop by \(message.provider.title) from \(item.sender.key), message \(message.id.prefix(200))\(sent), received \(now)"
        let placed = try Holds.insert(
            .vendor, on: .account(reference), reason: reason, by: actor(item, address), id: "hold_" + item.id, telling: outbox, now: now, in: writer)
        var reply: Int64?
        if case .outbox = answering, let address = message.replyTo {
            let saying = Saying.lock(hold: placed.hold.id, already: !standing.isEmpty, teach: teach)
            reply = try outbox.put(
                .say(saying, to: address), encoded: standing.isEmpty ? item.answer?.job : nil, account: reference, cause: saying.cause, now: now,
                notBefore: placed.terminals.isEmpty ? now : now.adding(Self.settling), isNew: true, in: writer)
            if let conversation = message.replyTo, conversation.provider == .freshchat {
                try outbox.closeConversation(conversation.to, account: reference, now: now, in: writer)
            }
        }
        let replyTo: [UInt8]? = if case .outbox = answering { item.answer?.address } else { nil }
        try LockWatches.begin(placed, replyTo: replyTo, reply: reply, in: writer)
        return Result(outcome: .locked, account: reference, hold: placed.hold)
    }

    /// One hold and one note, however often it is asked for; each asking is counted, and answered with how the lock stands.
    private func lockedAlready(
        _ item: Prepared, _ hold: HoldRecord, teach: Bool, answering: Answering, now: Timestamp, in writer: any StoreWriter
    ) throws -> Result {
        guard case .account(let reference) = hold.subject else { return Result(outcome: .repeated) }
        let watch = try writer.lockWatch(ofHold: hold.id)
        if let note = watch?.noteID { try writer.countNote(note) }
        if case .outbox = answering {
            let reply = try outbox.say(
                .lock(hold: hold.id, already: true, teach: teach), to: item.message.replyTo, account: reference, now: now, in: writer)
            // Where an answer waits already, the conversation's end waits behind it.
            if reply != nil, let conversation = item.message.replyTo, conversation.provider == .freshchat {
                try outbox.closeConversation(conversation.to, account: reference, now: now, in: writer)
            }
            // A lock that was placed by staff, or from a screen that is gone, has nobody yet who is told when the last terminal confirms.
            if let address = item.message.replyTo, let watch, watch.finishedAt == nil, watch.replyTo == nil {
                try LockWatches.answer(hold.id, to: address, reply: reply, in: writer)
            }
        }
        return Result(outcome: .repeated, account: reference, hold: hold)
    }

    func drill(
        _ item: Prepared, _ account: AccountRecord, from address: String, answering: Answering, now: Timestamp, in writer: any StoreWriter
    ) throws -> Result {
        if let closing = try writer.closure(of: account.reference), let hold = try writer.hold(closing.holdID) {
            return try lockedAlready(item, hold, teach: false, answering: answering, now: now, in: writer)
        }
        // Once a minute: each is a revision, a note and a wake-up for every terminal.
        if let last = try writer.drills(of: account.reference, limit: 1).first, now < last.requestedAt.adding(Drills.pause) {
            if case .outbox = answering, last.finishedAt != nil {
                try outbox.say(.drill(id: last.id), to: item.message.replyTo, account: account.reference, now: now, in: writer)
            }
            return Result(outcome: .drill, account: account.reference, drill: last.id)
        }
        let replyTo: ReplyAddress? = if case .outbox = answering { item.message.replyTo } else { nil }
        let drill = try drills.begin(
            "drill_" + item.id, of: account.reference, by: actor(item, address), replyTo: replyTo, now: now, in: writer)
        return Result(outcome: .drill, account: account.reference, drill: drill.id)
    }
}

extension LockWatches {
    /// Who is told when the last terminal confirms, and in which row of the outbox the first answer waits.
    static func answer(_ hold: String, to address: ReplyAddress, reply: Int64?, in writer: any StoreWriter) throws {
        guard var watch = try writer.lockWatch(ofHold: hold) else { return }
        watch.replyTo = JSON.encode(address)
        watch.replyNumber = reply
        try writer.updateLockWatch(watch)
    }
}

extension Provider {
    /// For those who run the server, who must know which of three it is.
    var fullTitle: String {
        switch self {
        case .twilio: "SMS through Twilio"
        case .africastalking: "SMS through Africa's Talking"
        case .clickatell: "SMS through Clickatell"
        case .ussd: "USSD through Africa's Talking"
        case .whatsapp, .freshchat, .email, .alerts, .webhooks: title
        }
    }

    /// As people write it.
    var title: String {
        switch self {
        case .whatsapp: "WhatsApp"
        case .freshchat: "Freshchat"
        case .twilio, .africastalking, .clickatell: "SMS"
        case .ussd: "USSD"
        case .email: "e-mail"
        case .alerts: "alerts"
        case .webhooks: "webhook"
        }
    }
}
