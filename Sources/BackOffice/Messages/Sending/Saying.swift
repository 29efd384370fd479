import Messaging
import Store
import Wire

/// What is said to somebody, kept as its meaning and put into words when it is sent: so it says what is true then.
enum Saying: Codable, Sendable, Equatable {
    /// How the lock of this hold stands. `asked`: the account was locked already when this was asked for.
    /// `teach`: the command was understood, but not written as we teach it.
    case lock(hold: String, already: Bool, teach: Bool)
    case allStopped(hold: String)
    /// The same whether or not there is such a wallet.
    case refused(language: String)
    case hint(language: String)
    /// For a changed message.
    case resend(language: String)
    case drill(id: String)
    case numberChangeOld(change: String)
    case numberChangeNew(change: String, oldCoolsOff: Bool)
    case numberChangeCancelled(change: String)
    /// What a step of a request means for the vendor. `occasion`: counts its steps, since a round says the same again.
    case request(ticket: Int64, text: TextKey, occasion: Int)

    /// What makes two of them the same for somebody who has not read the first: only one waits at a time.
    var cause: String {
        switch self {
        case .lock(let hold, _, _): hold
        case .allStopped(let hold): "all-stopped:" + hold
        case .refused: "refused"
        case .hint, .resend: "hint"
        case .drill(let id): id
        case .numberChangeOld(let id): "old:" + id
        case .numberChangeNew(let id, _): "new:" + id
        case .numberChangeCancelled(let id): "cancelled:" + id
        case .request(let ticket, let text, let occasion): "\(TicketNumber(ticket)):\(text.rawValue):\(occasion)"
        }
    }

    /// A notice nobody waits for: it does not go by SMS to somebody who asked for no more.
    var isNotice: Bool {
        switch self {
        case .lock, .refused, .hint, .resend, .drill: false
        case .allStopped, .numberChangeOld, .numberChangeNew, .numberChangeCancelled, .request: true
        }
    }
}

/// One row of the outbox: what is to be done, as JSON.
enum Job: Codable, Sendable, Equatable {
    case say(Saying, to: ReplyAddress)
    /// To the group that the configuration names.
    case freshchatGroup(conversation: String)
    case freshchatResolve(conversation: String)
    /// Who wrote it could not be asked for when it came.
    case freshchatLookup(FreshchatMessage)
    case alert(text: String)
    /// The same identifier and body at each attempt.
    case webhook(WebhookMessage)

    var provider: Provider {
        switch self {
        case .say(_, let address): address.provider
        case .freshchatGroup, .freshchatResolve, .freshchatLookup: .freshchat
        case .alert: .alerts
        case .webhook: .webhooks
        }
    }

    /// `nil` for a row that cannot be read, as a newer program may have written it.
    init?(stored record: OutboxRecord) {
        do { self = try JSON.decode(Job.self, from: record.job) } catch { return nil }
    }

    /// What the lanes of look-ups begin with.
    static let lookupLane = "freshchat-lookup:"

    /// What must go in order shares a lane. A refusal may be slowed, so it has a lane beside the one of what must never be.
    var lane: String {
        switch self {
        case .say(.refused, let address): "\(address.provider.rawValue):\(address.to)/refused"
        case .say(_, let address): "\(address.provider.rawValue):\(address.to)"
        case .freshchatGroup(let conversation), .freshchatResolve(let conversation): "freshchat:\(conversation)"
        case .freshchatLookup(let message): Self.lookupLane + message.id
        case .alert: "alerts"
        case .webhook(let message): Webhooks.lane(of: message.endpoint)
        }
    }

    /// What its troubles are about: alerts of one kind about different things are held back apart.
    var about: String {
        if case .webhook(let message) = self { return "\(provider.rawValue)/\(message.endpoint)" }
        return provider.rawValue
    }

    /// For people: through what it goes.
    var title: String {
        if case .webhook(let message) = self { return "\(provider.title) to \(message.endpoint)" }
        return provider.fullTitle
    }

    /// For people: what it is, without its text.
    var summary: String {
        switch self {
        case .say(let saying, let address): "\(saying.name) to \(address.to)"
        case .freshchatGroup(let conversation): "assignment of conversation \(conversation) to its group"
        case .freshchatResolve(let conversation): "resolution of conversation \(conversation)"
        case .freshchatLookup(let message):
            "look-up of Freshchat user \(message.userID), who wrote Stop in conversation \(message.conversationID ?? "unknown")"
        case .alert: "alert"
        case .webhook(let message): message.summary
        }
    }
}

extension Saying {
    /// A stable name for lists and notes.
    var name: String {
        switch self {
        case .lock: "lock report"
        case .allStopped: "confirmation"
        case .refused: "refusal"
        case .hint: "hint"
        case .resend: "request to send again"
        case .drill: "drill result"
        case .numberChangeOld, .numberChangeNew, .numberChangeCancelled: "number change notice"
        case .request(let ticket, let text, _): "\(text.rawValue) of \(TicketNumber(ticket))"
        }
    }
}
