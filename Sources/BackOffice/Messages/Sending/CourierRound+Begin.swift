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
        /// It can never be sent: people are told.
        case lost(String)
        /// It need not be said any more, or not there.
        case moot(String)
    }

    /// Marks rows as `sending` on disk before anything goes out: after a crash it is known which may have gone.
    func begin(_ due: [OutboxRecord], now: Timestamp) throws {
        let desk = desk
        let group = freshchatGroup.flatMap { now < $0.until ? $0.id : nil }
        let page = groupPage
        let begun = try environment.store.write { writer in
            try due.compactMap { candidate -> Begun? in
                guard var record = try writer.outbox(candidate.number), record.state == .waiting else { return nil }
                guard let job = Job(stored: record) else {
                    let verdict = try desk.settlement.lose(&record, nil, "the stored job cannot be read", alarm: false, now: now, in: writer)
                    record.changedAt = now
                    try writer.updateOutbox(record)
                    return .ended(nil, verdict)
                }
                let step = try Self.step(for: job, record, group: group, page: page, desk: desk, now: now, in: writer)
                record.changedAt = now
                switch step {
                case .send(let request, let page):
                    record.state = .sending
                    record.attempts += 1
                    try writer.updateOutbox(record)
                    return .sending(request, record, job, page: page)
                case .lost(let why), .moot(let why):
                    var verdict = try desk.settlement.lose(&record, job, why, alarm: false, now: now, in: writer)
                    if case .moot = step { verdict.lost = nil }
                    try writer.updateOutbox(record)
                    return .ended(job, verdict)
                }
            }
        }
        for one in begun {
            switch one {
            case .sending(let request, let record, let job, let page): send(request, record, job, page: page)
            case .ended(let job, let verdict): desk.settlement.announce(verdict, of: job)
            }
        }
    }

    private enum Begun: Sendable {
        case sending(ProviderRequest, OutboxRecord, Job, page: Int?)
        case ended(Job?, Settlement.Verdict)
    }

    private func send(_ request: ProviderRequest, _ record: OutboxRecord, _ job: Job, page: Int?) {
        let underway = Underway(record: record, job: job, isRepeatable: request.isRepeatable, groupPage: page)
        do {
            try ServerURL.check(request.url)
            let id = try transfers.start(
                HTTPClientRequest(
                    method: request.method, url: request.url, headers: request.headers.map { ($0.name, $0.value) }, body: request.body,
                    timeout: desk.configuration.patience, responseLimit: 256 << 10, mayBeRepeated: request.isRepeatable))
            self.underway[id] = underway
        } catch {
            settle(underway, .refused(code: "bad_url", detail: error.description, alarm: true))
        }
    }

    private static func step(
        for job: Job, _ record: OutboxRecord, group: String?, page: Int, desk: MessageDesk, now: Timestamp, in writer: any StoreWriter
    ) throws -> Step {
        let configuration = desk.configuration
        switch job {
        case .say(let saying, let address):
            let isSMS = address.provider.isSMS
            if isSMS, saying.isNotice, let number = SenderIdentity(.init(phone: address.to)).number, try writer.hasOptedOut(number.e164) {
                return .moot("the number has asked for no more messages by SMS")
            }
            guard let words = try desk.wording.words(for: saying, sms: isSMS, now: now, in: writer) else {
                return .moot("what it tells of is not so any more")
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
        case .webhook(let message):
            guard let endpoint = desk.outbox.webhooks.open(message.endpoint) else { return .lost(desk.outbox.webhooks.whyShut(message.endpoint)) }
            return .send(
                try StandardWebhook.request(to: endpoint, id: message.id, body: Array(message.body.utf8), now: now), groupPage: nil)
        }
    }

    private static let unconfigured = Step.lost("the provider is not configured for sending any more")

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
            case .ussd, .email, .alerts, .webhooks: nil
            }
        return request.map { .send($0, groupPage: nil) } ?? unconfigured
    }

    /// Echoed in WhatsApp's status reports: it finds the row again when the answer was lost.
    ///
    /// With the time of its making, because a restored store gives its numbers once more.
    static func tag(_ record: OutboxRecord) -> String { "vendlock-\(record.number)-\(record.createdAt.unixMilliseconds)" }

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
