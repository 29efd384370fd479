import Messaging
import PhoneNumbers
import Store
import Wire

/// Keeps what became of something that was sent: done, again later, another way, or never, which is a note and an alert.
struct Settlement: Sendable {
    let environment: Environment
    let outbox: Outbox
    let alerts: Alerts
    let notes = CountedNotes()

    /// Beyond this an answer is of no use any more. An hour more than the day that WhatsApp may ask us to wait (131049).
    private static let longest = Duration.seconds(25 * 3600)
    private static let longestBackoff = Duration.seconds(600)
    /// A lock waits for a look-up, so it is tried again soon after its provider is back.
    private static let longestLookupBackoff = Duration.seconds(15)

    /// What is counted and told once it is on disk.
    struct Verdict: Sendable {
        /// For the metric.
        var count: String?
        var counted = 1
        var alarm: String?
        var lost: String?
    }

    /// The provider's answer to a row that is `sending`.
    ///
    /// A report of the provider may be faster than its answer; it tells more, so the answer changes nothing any more.
    func settle(_ number: Int64, _ job: Job?, _ outcome: SendOutcome, now: Timestamp) throws {
        let verdict = try environment.store.write { writer -> Verdict? in
            guard var record = try writer.outbox(number) else { return nil }
            guard record.state == .sending else {
                if case .accepted = outcome { return Verdict(count: "sent") }
                return nil
            }
            let verdict = try settle(&record, job, outcome, now: now, in: writer)
            record.changedAt = now
            try writer.updateOutbox(record)
            return verdict
        }
        if let verdict { announce(verdict, of: job) }
    }

    func announce(_ verdict: Verdict, of job: Job?) {
        let provider = job?.provider ?? .alerts
        let about = job?.about ?? provider.rawValue
        if let count = verdict.count { environment.metrics.messages.increment(provider.rawValue, count, by: verdict.counted) }
        // An alert that cannot be delivered must not make another.
        if case .alert = job { return }
        if let alarm = verdict.alarm { alerts.raise(.providerError, "\(job?.title ?? provider.fullTitle): \(alarm)", about: about) }
        if let lost = verdict.lost { alerts.raise(.undelivered, lost, about: about) }
    }

    func settle(
        _ record: inout OutboxRecord, _ job: Job?, _ outcome: SendOutcome, now: Timestamp, in writer: any StoreWriter
    ) throws -> Verdict {
        switch outcome {
        case .accepted(let id):
            record.state = .sent
            record.providerID = id ?? record.providerID
            record.failure = nil
            return Verdict(count: "sent")
        case .retry("next_step", _, _, _):
            record.state = .waiting
            record.attempts = max(0, record.attempts - 1)
            return Verdict()
        case .retry(let code, let detail, let after, let alarm):
            guard let next = Self.nextTry(after, record, job, alarm: alarm, now: now) else {
                return try lose(&record, job, "\(code): \(detail)", alarm: alarm, now: now, in: writer)
            }
            record.state = .waiting
            record.notBefore = next
            record.failure = "\(code): \(detail)"
            return Verdict(count: "retried", alarm: alarm ? "\(code): \(detail)" : nil)
        case .outsideWindow:
            guard record.failure != CourierRound.outsideWindow else {
                return try lose(&record, job, "131047: not even as a template", alarm: true, now: now, in: writer)
            }
            record.state = .waiting
            record.notBefore = now
            record.failure = CourierRound.outsideWindow
            return Verdict(count: "retried")
        case .unreachable(let code, let detail):
            guard case .say(let saying, let address) = job, address.provider == .whatsapp, let provider = outbox.configuration.smsProvider,
                let number = SenderIdentity(.init(phone: address.to)).number
            else { return try lose(&record, job, "\(code): \(detail)", alarm: false, now: now, in: writer) }
            let other = ReplyAddress(provider: provider, to: number.e164)
            let next = try outbox.say(saying, to: other, account: record.account, now: now, in: writer)
            record.state = .failed
            record.failure = "\(code): \(detail); sent by SMS instead" + (next.map { " (\($0))" } ?? "")
            return Verdict(count: "by_sms")
        case .refused(let code, let detail, let alarm): return try lose(&record, job, "\(code): \(detail)", alarm: alarm, now: now, in: writer)
        }
    }

    /// `nil` when it would be too late.
    private static func nextTry(_ asked: Duration?, _ record: OutboxRecord, _ job: Job?, alarm: Bool, now: Timestamp) -> Timestamp? {
        if case .webhook = job { return nextTelling(record, after: asked, now: now) }
        let next = now.adding(pause(asked, record, job, alarm: alarm))
        return next < record.createdAt.adding(longest) ? next : nil
    }

    private static func pause(_ asked: Duration?, _ record: OutboxRecord, _ job: Job?, alarm: Bool) -> Duration {
        if case .freshchatLookup = job {
            // Nothing is sent, so it may be tried while people mend a token; what the provider itself asks for counts.
            return alarm ? longestLookupBackoff : asked ?? min(longestLookupBackoff, backoff(record))
        }
        return asked ?? backoff(record)
    }

    /// 2, 4, 8 … seconds, spread by the row's number so that what failed together does not come back together.
    private static func backoff(_ record: OutboxRecord) -> Duration {
        let seconds = Double(2 << min(max(0, record.attempts - 1), 9))
        let spread = 0.75 + Double(record.number % 64) / 128
        return min(longestBackoff, .milliseconds(Int64(seconds * spread * 1000)))
    }

    /// Never: the row says why, a note keeps it, and people are told.
    func lose(
        _ record: inout OutboxRecord, _ job: Job?, _ why: String, alarm: Bool, now: Timestamp, in writer: any StoreWriter
    ) throws -> Verdict {
        record.state = .failed
        record.failure = why
        if case .alert = job { return Verdict(count: "undelivered") }
        if case .webhook(let message) = job { return try loseEvents(record, message, why, alarm: alarm, now: now, in: writer) }
        let title = job?.provider.title ?? record.provider
        let text = "Not delivered by \(title): \(job?.summary ?? "row \(record.number)"), after \(record.attempts) attempts: \(why)."
        if let account = record.account {
            try writer.appendNote(Actor.system.note(on: .account(account), at: now, kind: "message_undelivered", text: text))
        } else {
            try writer.appendNote(Actor.system.officeNote(at: now, kind: "message_undelivered", text: text))
        }
        return Verdict(count: "undelivered", alarm: alarm ? why : nil, lost: text)
    }
}
