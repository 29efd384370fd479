import Messaging
import PhoneNumbers
import Store
import Wire

/// Takes messages that are verified as their provider's: reads them, decides, and keeps all of it in one transaction, so that the lock is on
/// disk before the provider hears 200, and a batch is taken whole or not at all.
struct Intake: Sendable {
    /// What became of one message.
    struct Result: Sendable {
        enum Outcome: String, Sendable {
            case locked, repeated, refused, drill, hint, ignored
            /// The provider sent the same message before.
            case duplicate
            case optOut = "opt_out"
            case optIn = "opt_in"
            case identityChanged = "identity_changed"
        }
        var outcome: Outcome
        var account: AccountReference?
        /// The vendor's hold: the new one, or the one that stood.
        var hold: HoldRecord?
        var drill: String?
        /// Of a duplicate: what became of the message when it came first.
        var before: Outcome?
    }

    /// Who answers.
    enum Answering: Sendable {
        /// The outbox, when the answer is ready.
        case outbox
        /// The caller, at once: a USSD screen.
        case caller
    }

    let environment: Environment
    let outbox: Outbox
    let drills: Drills
    let alerts: Alerts
    let attempts = FailedAttempts()
    let attemptNotes = CountedNotes()
    let hints = HintLimit()

    /// How long an answer waits for connected terminals to confirm, so that it can say so. They take milliseconds.
    static let settling = Duration.seconds(1)
    /// Texts longer than this are no commands; nobody needs them read.
    private static let longestText = 4096

    /// One message with everything that can be worked out before the store is asked.
    struct Prepared: Sendable {
        let message: InboundMessage
        let sender: SenderIdentity
        let reading: Reading
        /// For a hold or a drill, made beforehand because the store's thread is everybody's.
        let id: String
        /// What a new lock is answered with, and where, as JSON; absent where it is no command, or nowhere to answer.
        let answer: (job: [UInt8], address: [UInt8])?

        init(_ message: InboundMessage, reading: Reading, id: String) {
            self.message = message
            self.reading = reading
            self.id = id
            sender = SenderIdentity(message.sender, place: message.replyTo?.to)
            if case .stop(_, _, false, _, let isPlain) = reading, let address = message.replyTo {
                let saying = Saying.lock(hold: "hold_" + id, already: false, teach: !isPlain)
                answer = (JSON.encode(Job.say(saying, to: address)), JSON.encode(address))
            } else {
                answer = nil
            }
        }

        /// The word that carriers and law take as "no more messages"; a bare LOCK asks how it is done.
        var asksForSilence: Bool {
            guard case .text(let text) = message.content else { return false }
            return text.filter(\.isLetter).lowercased() == "stop"
        }
    }

    @discardableResult
    func take(_ messages: [InboundMessage], from address: String, answering: Answering = .outbox) throws -> [Result] {
        guard !messages.isEmpty else { return [] }
        let now = environment.now
        let prepared = try messages.map { message in
            let reading: Reading =
                if case .text(let text) = message.content { StopReader.read(String(text.prefix(Self.longestText))) } else { .other }
            return Prepared(message, reading: reading, id: try Identifier.unique(at: now))
        }
        let results = try environment.store.write { writer in
            try prepared.map { try take($0, from: address, answering: answering, now: now, in: writer) }
        }
        committed(results, of: prepared)
        return results
    }

    /// What is told and counted once it is on disk.
    private func committed(_ results: [Result], of prepared: [Prepared]) {
        let at = environment.now
        var holds: [String] = []
        for (result, item) in zip(results, prepared) {
            environment.metrics.messages.increment(item.message.provider.rawValue, result.outcome.rawValue)
            switch result.outcome {
            case .locked:
                environment.metrics.locks.increment(item.message.provider.rawValue)
                if let hold = result.hold { holds.append(hold.id) }
            case .drill: result.drill.map(drills.committed)
            case .identityChanged where result.account != nil:
                alerts.raise(
                    .numberSuspended,
                    "WhatsApp reports a changed number or identity for \(item.sender.key): its links are suspended until staff confirm.",
                    about: item.sender.key)
            default: break
            }
        }
        guard !holds.isEmpty else { return }
        environment.store.writeLater { [holds] writer in for id in holds { try writer.markCommitted(hold: id, at: at) } }
    }

    private func take(
        _ item: Prepared, from address: String, answering: Answering, now: Timestamp, in writer: any StoreWriter
    ) throws -> Result {
        let message = item.message
        if let known = try writer.message(provider: message.provider.rawValue, id: message.id) {
            return try repeated(known, in: writer)
        }
        let result = try decide(item, from: address, answering: answering, now: now, in: writer)
        try writer.insertMessage(
            MessageRecord(
                provider: message.provider.rawValue, id: message.id, sender: item.sender.key, receivedAt: now, sentAt: message.sentAt,
                outcome: result.outcome.rawValue, account: result.account))
        return result
    }

    /// The provider sent it again: it changes nothing, and is counted on the lock's note while that lock stands.
    private func repeated(_ known: MessageRecord, in writer: any StoreWriter) throws -> Result {
        var result = Result(outcome: .duplicate, account: known.account, before: Result.Outcome(rawValue: known.outcome))
        guard let reference = known.account else { return result }
        switch result.before {
        case .drill: result.drill = try writer.drills(of: reference, limit: 1).first?.id
        case .locked, .repeated:
            guard let hold = try writer.standingHolds(on: .account(reference)).first(where: { $0.kind == .vendor }) else { break }
            if let note = try writer.lockWatch(ofHold: hold.id)?.noteID { try writer.countNote(note) }
            result.hold = hold
        default: break
        }
        return result
    }

    private func decide(
        _ item: Prepared, from address: String, answering: Answering, now: Timestamp, in writer: any StoreWriter
    ) throws -> Result {
        switch item.message.content {
        case .text: break
        case .unreadable, .edited: return try hint(item, from: address, now: now, in: writer)
        case .ignored:
            try learn(item, now: now, in: writer)
            return Result(outcome: .ignored)
        case .identityChanged(let to): return try suspend(item, to: to, from: address, now: now, in: writer)
        }
        switch item.reading {
        case .stop(let reference, let isCertain, let isDrill, let language, let isPlain):
            let account = try writer.account(reference)
            let identities = account == nil ? [] : try writer.identities(of: reference)
            guard let account, item.sender.mayLock(account, identities: identities, now: now) else {
                // "stop adverts" is not a wrong reference, but no command at all. Where only a reference is asked for, it is one.
                guard isCertain || item.message.provider == .ussd else { return try hint(item, from: address, now: now, in: writer) }
                return try refuse(item, reference, account, language: language, from: address, answering: answering, now: now, in: writer)
            }
            // For all accounts of that number: next time WhatsApp may withhold it.
            if item.sender.userID != nil { try learn(item, now: now, in: writer) }
            if item.message.provider.isSMS, let number = item.sender.number { try writer.setOptedOut(number.e164, false, at: now) }
            if isDrill { return try drill(item, account, from: address, answering: answering, now: now, in: writer) }
            return try lock(item, account, teach: !isPlain, from: address, answering: answering, now: now, in: writer)
        case .almost, .bareWord:
            if case .bareWord = item.reading, item.message.provider.isSMS, item.asksForSilence {
                return try optOut(item, from: address, now: now, in: writer)
            }
            return try hint(item, from: address, now: now, in: writer)
        case .optIn where item.message.provider.isSMS:
            if let number = item.sender.number { try writer.setOptedOut(number.e164, false, at: now) }
            return Result(outcome: .optIn)
        case .optIn, .other:
            try learn(item, now: now, in: writer)
            return Result(outcome: .ignored)
        }
    }

    func actor(_ item: Prepared, _ address: String) -> Actor {
        Actor(name: "vendor:\(item.sender.key)", role: nil, via: item.message.provider.rawValue, address: address)
    }

    /// Accounts that this sender's number is linked to; a user id that came with it is remembered for them.
    @discardableResult
    func learn(_ item: Prepared, now: Timestamp, in writer: any StoreWriter) throws -> [AccountReference] {
        guard let number = item.sender.number else { return [] }
        let linked = try writer.accounts(linkedTo: number.e164)
        guard item.sender.userID != nil else { return linked }
        for reference in linked {
            guard let account = try writer.account(reference) else { continue }
            if let userID = item.sender.teachesUserID(account, identities: try writer.identities(of: reference)) {
                try writer.putIdentity(IdentityRecord(account: reference, identity: userID, kind: .userID, since: now))
            }
        }
        return linked
    }

    /// The language of the first account that the sender is linked to, else the one of the word that was used.
    func language(of item: Prepared, _ linked: [AccountReference], _ used: String, in reader: any StoreReader) throws -> String {
        guard let first = linked.first, let account = try reader.account(first) else { return used }
        return account.language
    }
}
