import HTTPClient
import Messaging
import PhoneNumbers
import Platform
import Store
import Wire

/// From a row of the outbox to a request.
extension CourierRound {
    private enum Step: Sendable {
        case send(ProviderRequest, groupPage: Int?)
        /// There is nothing to be sent any more, or never.
        case end(OutboxRecord.State, String)
    }

    /// Marks rows as `sending` on disk before anything goes out: after a crash it is known which may have gone.
    func begin(_ due: [OutboxRecord], now: Timestamp) throws {
        let desk = desk
        let group = freshchatGroup.flatMap { now < $0.until ? $0.id : nil }
        let page = groupPage
        let steps = try environment.store.write { writer -> [(OutboxRecord, Job, Step)] in
            try due.compactMap { candidate in
                guard var record = try writer.outbox(candidate.number), record.state == .waiting else { return nil }
                let job: Job
                do { job = try JSON.decode(Job.self, from: record.job) } catch {
                    try Self.end(&record, .failed, "the stored job cannot be read: \(error)", now, in: writer)
                    return nil
                }
                let step = try Self.step(for: job, record, group: group, page: page, desk: desk, now: now, in: writer)
                switch step {
                case .send:
                    record.state = .sending
                    record.attempts += 1
                    record.changedAt = now
                    try writer.updateOutbox(record)
                case .end(let state, let why): try Self.end(&record, state, why, now, in: writer)
                }
                return (record, job, step)
            }
        }
        for case (let record, let job, .send(let request, let page)) in steps { send(request, record, job, page: page) }
    }

    private func send(_ request: ProviderRequest, _ record: OutboxRecord, _ job: Job, page: Int?) {
        let underway = Underway(record: record, job: job, isRepeatable: request.isRepeatable, groupPage: page)
        do {
            try ServerURL.check(request.url)
            let id = try transfers.start(
                HTTPClientRequest(
                    method: request.method, url: request.url, headers: request.headers.map { ($0.name, $0.value) }, body: request.body,
                    timeout: Self.timeout, responseLimit: 256 << 10, mayBeRepeated: request.isRepeatable))
            self.underway[id] = underway
        } catch {
            settle(underway, .refused(code: "bad_url", detail: error.description, alarm: true))
        }
    }

    static func end(_ record: inout OutboxRecord, _ state: OutboxRecord.State, _ why: String, _ now: Timestamp, in writer: any StoreWriter) throws {
        record.state = state
        record.failure = why
        record.changedAt = now
        try writer.updateOutbox(record)
    }

    private static func step(
        for job: Job, _ record: OutboxRecord, group: String?, page: Int, desk: MessageDesk, now: Timestamp, in writer: any StoreWriter
    ) throws -> Step {
        let configuration = desk.configuration
        switch job {
        case .say(let saying, let address):
            let isSMS = address.provider.isSMS
            if isSMS, saying.isNotice, let number = SenderIdentity(.init(phone: address.to)).number, try writer.hasOptedOut(number.e164) {
                return .end(.failed, "the number has asked for no more messages by SMS")
            }
            guard let words = try desk.wording.words(for: saying, sms: isSMS, now: now, in: writer) else {
                return .end(.failed, "what it tells of is not in the store any more")
            }
            return try step(saying: words, to: address, record, configuration: configuration, now: now, in: writer)
        case .freshchatGroup(let conversation):
            guard let freshchat = desk.freshchat else { return Self.unconfigured }
            guard let group else { return .send(freshchat.groups(page: page), groupPage: page) }
            return .send(freshchat.assign(group: group, conversation: conversation), groupPage: nil)
        case .freshchatResolve(let conversation):
            return desk.freshchat.map { .send($0.resolve(conversation: conversation), groupPage: nil) } ?? Self.unconfigured
        case .freshchatLookup(let message):
            return desk.freshchat.map { .send($0.user(message.userID), groupPage: nil) } ?? Self.unconfigured
        case .alert(let text):
            return configuration.alertsURL.map { .send(SlackAlert.request(url: $0, text: text), groupPage: nil) } ?? Self.unconfigured
        }
    }

    private static let unconfigured = Step.end(.failed, "the provider is not configured for sending any more")

    private static func step(
        saying words: Wording.Words, to address: ReplyAddress, _ record: OutboxRecord, configuration: MessagingConfiguration, now: Timestamp,
        in writer: any StoreWriter
    ) throws -> Step {
        guard configuration.sends(address.provider) else { return unconfigured }
        let request: ProviderRequest? =
            switch address.provider {
            case .whatsapp:
                try configuration.whatsapp.map { whatsapp in
                    let sender = WhatsAppSender(whatsapp)
                    guard try isInWindow(address, record, now: now, in: writer) else {
                        return sender.request(
                            template: words.template, language: TemplateLanguage.code(for: words.language), parameters: words.parameters, to: address,
                            tag: tag(record))
                    }
                    return sender.request(text: words.text, to: address, tag: tag(record))
                }
            case .freshchat: configuration.freshchat.map { FreshchatClient($0).reply(words.text, conversation: address.to) }
            case .twilio: configuration.twilio.map { TwilioSender(configuration: $0).request(text: words.text, to: address) }
            case .africastalking:
                configuration.africasTalking.flatMap { AfricasTalkingSender(configuration: $0)?.request(text: words.text, to: address) }
            case .clickatell:
                configuration.clickatell.flatMap { ClickatellSender(configuration: $0)?.request(text: words.text, to: address, tag: tag(record)) }
            case .ussd, .alerts: nil
            }
        return request.map { .send($0, groupPage: nil) } ?? unconfigured
    }

    /// Echoed in WhatsApp's status reports: it finds the row again when the answer was lost.
    static func tag(_ record: OutboxRecord) -> String { "vendlock-\(record.number)" }

    /// WhatsApp takes free text for 24 hours after the recipient's last message. A minute less, because clocks differ.
    private static func isInWindow(_ address: ReplyAddress, _ record: OutboxRecord, now: Timestamp, in reader: any StoreReader) throws -> Bool {
        if record.failure == outsideWindow { return false }
        let key = SenderIdentity(InboundMessage.Sender(phone: address.to, userID: address.to.contains(".") ? address.to : nil)).key
        guard let last = try reader.lastMessage(from: key, provider: Provider.whatsapp.rawValue) else { return false }
        return now < last.adding(.seconds(24 * 3600 - 60))
    }

    /// The mark on a row that WhatsApp would take as a template only.
    static let outsideWindow = "outside the 24 hours after the recipient's last message"
}
