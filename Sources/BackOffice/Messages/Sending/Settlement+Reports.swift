import Messaging
import Store
import Wire

/// What providers report later of what they took: in any order, more than once, and sometimes before their answer.
extension Settlement {
    /// Reports that share a transaction: a batch has up to a thousand, and locks wait for each transaction.
    private static let together = 100

    func report(_ statuses: [DeliveryStatus], provider: Provider, now: Timestamp) throws {
        // Most are of messages that are told of already: nothing to write.
        let news = try environment.store.read { reader in
            try statuses.filter { status in try Self.row(of: status, provider, in: reader).map { Self.isNews(status, of: $0) } ?? false }
        }
        for start in stride(from: 0, to: news.count, by: Self.together) {
            let part = news[start..<min(start + Self.together, news.count)]
            let verdicts = try environment.store.write { writer in
                try part.compactMap { try take($0, provider, now: now, in: writer) }
            }
            for (job, verdict) in verdicts { announce(verdict, of: job) }
        }
    }

    private func take(
        _ status: DeliveryStatus, _ provider: Provider, now: Timestamp, in writer: any StoreWriter
    ) throws -> (Job?, Verdict)? {
        guard var record = try Self.row(of: status, provider, in: writer), Self.isNews(status, of: record) else { return nil }
        record.changedAt = now
        if status.state == .failed {
            guard try isFirst(status, provider, now: now, in: writer) else { return nil }
            let job = Job(stored: record)
            let verdict = try settle(&record, job, status.asFailure, now: now, in: writer)
            try writer.updateOutbox(record)
            return (job, verdict)
        }
        record.state = Self.state(status.state)
        record.providerID = status.providerID
        record.failure = nil
        try writer.updateOutbox(record)
        return nil
    }

    /// Whether this failure was not reported before: a repeat must not send again what was sent another way because of the first report.
    private func isFirst(_ status: DeliveryStatus, _ provider: Provider, now: Timestamp, in writer: any StoreWriter) throws -> Bool {
        let kind = provider.rawValue + "-failure"
        guard try writer.message(provider: kind, id: status.providerID) == nil else { return false }
        try writer.insertMessage(
            MessageRecord(
                provider: kind, id: status.providerID, sender: "", receivedAt: now, sentAt: nil, outcome: status.state.rawValue, account: nil))
        return true
    }

    private static func row(of status: DeliveryStatus, _ provider: Provider, in reader: any StoreReader) throws -> OutboxRecord? {
        if let tag = status.tag, let number = tag.split(separator: "-").dropFirst().first.flatMap({ Int64($0) }), let row = try reader.outbox(number),
            row.provider == provider.rawValue, CourierRound.tag(row) == tag, row.providerID == nil || row.providerID == status.providerID
        {
            return row
        }
        return try reader.outbox(providerID: status.providerID, provider: provider.rawValue)
    }

    /// Whether the report tells more than is known. Only forward: read is more than delivered, delivered more than sent.
    private static func isNews(_ status: DeliveryStatus, of record: OutboxRecord) -> Bool {
        let isUnknown = [CourierRound.unknown, SendOutcome.unreadableCode].contains { record.failure?.hasPrefix($0 + ":") == true }
        return switch (record.state, status.state) {
        // The identifier is still the one of an attempt before, of which late reports come too.
        case (.sending, .sent): record.providerID != status.providerID
        // It has arrived, whatever the answer said or will say: it is not sent again.
        case (.sending, .delivered), (.sending, .read), (.waiting, .delivered), (.waiting, .read): true
        case (.sending, .failed): true
        case (.waiting, .sent), (.waiting, .failed): false
        case (.sent, .failed): record.providerID == nil || record.providerID == status.providerID
        case (.sent, .delivered), (.sent, .read), (.delivered, .read): true
        case (.sent, .sent), (.delivered, _), (.read, _): false
        // Given up because nobody knew whether it arrived: now somebody does.
        case (.failed, .failed), (.failed, .sent): isUnknown
        case (.failed, .delivered), (.failed, .read): true
        }
    }

    private static func state(_ reported: DeliveryStatus.State) -> OutboxRecord.State {
        switch reported {
        case .sent: .sent
        case .delivered: .delivered
        case .read: .read
        case .failed: .failed
        }
    }
}

extension DeliveryStatus {
    /// A report of failure that carries no failure is one all the same.
    fileprivate var asFailure: SendOutcome {
        if let failure {
            if case .accepted = failure {} else { return failure }
        }
        return .refused(code: "failed", detail: "the provider reports a failure without saying why", alarm: false)
    }
}
