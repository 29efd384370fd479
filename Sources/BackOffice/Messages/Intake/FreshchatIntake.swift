import HTTPClient
import Messaging
import PhoneNumbers
import Store
import Wire

/// Freshchat's messages: the webhook has no phone number, so who wrote is asked for first, and believed only in WhatsApp conversations.
struct FreshchatIntake: Sendable {
    let environment: Environment
    let configuration: FreshchatConfiguration?
    let client: FreshchatClient?
    let intake: Intake
    let outbox: Outbox
    let alerts: Alerts
    /// Agents and integrations write numbers as they like.
    let numbers: PhoneNumberReader

    let patience: Duration
    /// While Freshchat hangs, locks through everything else need the server's workers too.
    private let lookups = Places(16)

    /// A message whose signature is right. When it returns, the lock is on disk, or the message is, until its sender is known.
    func receive(_ message: FreshchatMessage, from address: String) throws {
        if case .text(let text) = message.content {
            // Conversations with people go by here all day.
            if case .other = StopReader.read(text) { return count("ignored") }
            if case .optIn = StopReader.read(text) { return count("ignored") }
            if case .stop = StopReader.read(text) {} else { return try take(message, phone: nil, from: address) }
        } else {
            return count("ignored")
        }
        // Any field may say what it likes about a number but the one of a WhatsApp conversation.
        guard let client, let channels = configuration?.whatsappChannels, message.channelIDs.contains(where: channels.contains) else {
            return try take(message, phone: nil, from: address)
        }
        if try environment.store.read({ try $0.message(provider: Provider.freshchat.rawValue, id: message.id) }) != nil {
            return try take(message, phone: nil, from: address)
        }
        guard configuration?.token != nil else {
            alerts.raise(.providerError, "Freshchat: freshchat.token is not configured, so nobody's number can be asked for and nothing is locked.")
            return try take(message, phone: nil, from: address)
        }
        do {
            guard let answer = try lookups.with({ try ask(client.user(message.userID)) }) else {
                return try lookUpLater(message, "too many are being asked for already")
            }
            if FreshchatClient.isUser(answer) { return try take(message, phone: FreshchatClient.phone(in: answer), from: address) }
            try lookUpLater(message, "Freshchat answered \(answer.status)")
        } catch let failure as HTTPClientError {
            try lookUpLater(message, failure.description)
        }
    }

    private func ask(_ request: ProviderRequest) throws -> ProviderAnswer {
        let response = try HTTPExchange.perform(
            HTTPClientRequest(
                method: request.method, url: request.url, headers: request.headers.map { ($0.name, $0.value) }, timeout: patience,
                responseLimit: 256 << 10, mayBeRepeated: true))
        return ProviderAnswer(status: response.status, retryAfter: response.header("Retry-After"), body: response.body)
    }

    func take(_ message: FreshchatMessage, phone: String?, from address: String) throws {
        try intake.take(
            [
                InboundMessage(
                    provider: .freshchat, id: message.id, sender: InboundMessage.Sender(phone: phone.flatMap(numbers.number)?.e164 ?? phone),
                    sentAt: message.sentAt,
                    content: message.content, replyTo: message.conversationID.map { ReplyAddress(provider: .freshchat, to: $0) })
            ], from: address)
    }

    /// The message is kept, and its sender asked for until Freshchat answers.
    private func lookUpLater(_ message: FreshchatMessage, _ why: String) throws {
        let now = environment.now
        _ = try environment.store.write { writer in
            try outbox.put(.freshchatLookup(message), account: nil, cause: message.id, now: now, in: writer)
        }
        count("look_up_later")
        alerts.raise(.providerError, "Freshchat: who wrote a Stop message could not be asked for, and nothing is locked until it can: \(why).")
    }

    private func count(_ outcome: String) { environment.metrics.messages.increment(Provider.freshchat.rawValue, outcome) }
}
