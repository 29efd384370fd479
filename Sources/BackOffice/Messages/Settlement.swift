import Messaging
import PhoneNumbers
import Store
import Wire

/// Keeps what became of something that was sent: done, again later, another way, or never, which is a note and an alert.
struct Settlement: Sendable {
    let environment: Environment
    let outbox: Outbox
    let alerts: Alerts

    /// Beyond this an answer is of no use any more.
    private static let longest = Duration.seconds(24 * 3600)
    private static let longestBackoff = Duration.seconds(600)

    /// - Parameter number: the row, which is `sending`.
    func settle(_ number: Int64, _ job: Job, _ outcome: SendOutcome, now: Timestamp) throws {
        let verdict = try environment.store.write { writer -> Verdict? in
            guard var record = try writer.outbox(number) else { return nil }
            return try settle(&record, job, outcome, now: now, in: writer)
        }
        if let verdict { tell(verdict, of: job) }
    }

    /// Counts it, and tells people where they must look; once it is on disk.
    private func tell(_ verdict: Verdict, of job: Job) {
        let provider = job.provider.rawValue
        if let count = verdict.count { environment.metrics.messages.increment(provider, count) }
        // An alert that cannot be delivered must not make another.
        if case .alert = job { return }
        if let alarm = verdict.alarm { alerts.raise(.providerError, "\(job.provider.title): \(alarm)", about: provider) }
        if let lost = verdict.lost { alerts.raise(.undelivered, lost, about: provider) }
    }

    private struct Verdict: Sendable {
        /// For the metric.
        var count: String?
        var alarm: String?
        var lost: String?
    }

    private func settle(
        _ record: inout OutboxRecord, _ job: Job, _ outcome: SendOutcome, now: Timestamp, in writer: any StoreWriter
    ) throws -> Verdict {
        let verdict = try decide(&record, job, outcome, now: now, in: writer)
        record.changedAt = now
        try writer.updateOutbox(record)
        return verdict
    }

    private func decide(
        _ record: inout OutboxRecord, _ job: Job, _ outcome: SendOutcome, now: Timestamp, in writer: any StoreWriter
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
            let next = now.adding(after ?? Self.backoff(record))
            guard next < record.createdAt.adding(Self.longest) else {
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

    /// 2, 4, 8 … seconds, spread by the row's number so that what failed together does not come back together.
    private static func backoff(_ record: OutboxRecord) -> Duration {
        let seconds = Double(2 << min(max(0, record.attempts - 1), 9))
        let spread = 0.75 + Double(record.number % 64) / 128
        return min(longestBackoff, .milliseconds(Int64(seconds * spread * 1000)))
    }

    private func lose(
        _ record: inout OutboxRecord, _ job: Job, _ why: String, alarm: Bool, now: Timestamp, in writer: any StoreWriter
    ) throws -> Verdict {
        record.state = .failed
        record.failure = why
        if case .alert = job { return Verdict(count: "undelivered") }
        let text = "Not delivered by \(job.provider.title): \(job.summary), after \(record.attempts) attempts: \(why)."
        if let account = record.account {
            try writer.appendNote(Actor.system.note(on: .account(account), at: now, kind: "message_undelivered", text: text))
        } else {
            try writer.appendNote(Actor.system.officeNote(at: now, kind: "message_undelivered", text: text))
        }
        return Verdict(count: "undelivered", alarm: alarm ? why : nil, lost: text)
    }

    // MARK: What providers report later

    /// All of a webhook's reports in one transaction.
    func report(_ statuses: [DeliveryStatus], provider: Provider, now: Timestamp) throws {
        guard !statuses.isEmpty else { return }
        let verdicts = try environment.store.write { writer in
            try statuses.compactMap { status -> (Verdict, Job)? in
                guard var row = try Self.row(of: status, provider, in: writer) else { return nil }
                guard status.state == .failed else {
                    try Self.forward(&row, status, now: now, in: writer)
                    return nil
                }
                // A report of what was given up already changes nothing; a repeat of this report neither.
                guard row.state == .sent || row.state == .sending else { return nil }
                let job = try JSON.decode(Job.self, from: row.job)
                let failure = status.failure?.asFailure ?? SendOutcome.unexplained
                return (try settle(&row, job, failure, now: now, in: writer), job)
            }
        }
        for (verdict, job) in verdicts { tell(verdict, of: job) }
    }

    private static func forward(_ row: inout OutboxRecord, _ status: DeliveryStatus, now: Timestamp, in writer: any StoreWriter) throws {
        guard let state = state(after: row.state, status.state) else { return }
        row.state = state
        row.providerID = status.providerID
        row.failure = nil
        row.changedAt = now
        try writer.updateOutbox(row)
    }

    private static func row(of status: DeliveryStatus, _ provider: Provider, in reader: any StoreReader) throws -> OutboxRecord? {
        if let tag = status.tag, tag.hasPrefix("vendlock-"), let number = Int64(tag.dropFirst(9)), let row = try reader.outbox(number),
            row.provider == provider.rawValue
        {
            return row
        }
        return try reader.outbox(providerID: status.providerID, provider: provider.rawValue)
    }

    /// Reports come in any order: only forward. One that was given up because nobody knew has arrived after all.
    private static func state(after present: OutboxRecord.State, _ reported: DeliveryStatus.State) -> OutboxRecord.State? {
        let order: [OutboxRecord.State] = [.failed, .sending, .sent, .delivered, .read]
        let new: OutboxRecord.State =
            switch reported {
            case .sent: .sent
            case .delivered: .delivered
            case .read: .read
            case .failed: .failed
            }
        // `waiting` means that it is on its way a second time: only the new answer counts.
        guard let old = order.firstIndex(of: present), let next = order.firstIndex(of: new), next > old else { return nil }
        return new
    }
}

extension SendOutcome {
    fileprivate static let unexplained = SendOutcome.refused(
        code: "failed", detail: "the provider reports a failure without saying why", alarm: false)

    /// A report of failure that carries no failure is one all the same.
    fileprivate var asFailure: SendOutcome { if case .accepted = self { .unexplained } else { self } }
}
