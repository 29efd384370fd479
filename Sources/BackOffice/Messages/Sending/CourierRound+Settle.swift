import HTTPClient
import Messaging
import Platform
import Store
import Wire

/// From a provider's answer to what is kept of it.
extension CourierRound {
    func settle(_ id: TransferID, _ result: Result<HTTPClientResponse, HTTPClientError>) {
        guard let underway = underway.removeValue(forKey: id) else { return }
        switch result {
        case .success(let response):
            let answer = ProviderAnswer(status: response.status, retryAfter: response.header("Retry-After"), body: response.body)
            if let page = underway.groupPage { return settleGroups(underway, answer, page: page) }
            if case .freshchatLookup(let message) = underway.job {
                if answer.status == 404 || FreshchatClient.isUser(answer) { return settleLookup(underway, message, answer) }
                // Whatever else it says, a vendor's lock waits for this one, and the provider will not send it again.
                let asked = RetryAfter.duration(answer.retryAfter, now: environment.now)
                return settle(
                    underway,
                    .retry(
                        code: "look_up", detail: "Freshchat answered \(answer.status), and not with the user who wrote",
                        after: asked.map { min($0, .seconds(60)) }, alarm: answer.status == 401 || answer.status == 403))
            }
            if case .webhook(let message) = underway.job, answer.status == StandardWebhook.gone { desk.outbox.webhooks.stop(message.endpoint) }
            if case .freshchatGroup = underway.job, (400..<500).contains(answer.status) {
                // It may have been deleted, or made anew under the same name.
                freshchatGroup = nil
                if answer.status == 400 || answer.status == 404, underway.record.attempts == 1 {
                    return settle(underway, .retry(code: "group", detail: "Freshchat does not take the group", after: .zero, alarm: false))
                }
            }
            settle(underway, outcome(of: answer, underway))
        case .failure(let failure):
            if failure.mayHaveArrived, !underway.isRepeatable {
                // Sent again it might arrive twice. A report of the provider may still tell of it.
                settle(underway, .refused(code: Self.unknown, detail: "no answer (\(failure)): nobody knows whether it arrived", alarm: false))
            } else {
                // A provider's trouble shows elsewhere too; nobody else watches over an endpoint.
                let alarm = underway.job.provider == .webhooks && StandardWebhook.isWorthAnAlarm(underway.record.attempts)
                settle(underway, .retry(code: failure.code.rawValue, detail: failure.description, after: nil, alarm: alarm))
            }
        }
    }

    private func outcome(of answer: ProviderAnswer, _ underway: Underway) -> SendOutcome {
        let (configuration, attempt, now) = (desk.configuration, underway.record.attempts, environment.now)
        let outcome: SendOutcome? =
            switch underway.job.provider {
            case .whatsapp: configuration.whatsapp.map { WhatsAppSender($0).outcome(of: answer, attempt: attempt, now: now) }
            case .freshchat:
                if case .say = underway.job {
                    desk.freshchat?.outcome(ofReply: answer, attempt: attempt, now: now)
                } else {
                    desk.freshchat?.outcome(of: answer, attempt: attempt, now: now)
                }
            case .twilio: configuration.twilio.map { TwilioSender(configuration: $0).outcome(of: answer, attempt: attempt, now: now) }
            case .africastalking:
                configuration.africasTalking.flatMap { AfricasTalkingSender(configuration: $0)?.outcome(of: answer, attempt: attempt, now: now) }
            case .clickatell:
                configuration.clickatell.flatMap { ClickatellSender(configuration: $0)?.outcome(of: answer, attempt: attempt, now: now) }
            case .alerts: SlackAlert.outcome(of: answer, attempt: attempt, now: now)
            case .webhooks: StandardWebhook.outcome(of: answer, attempt: attempt, now: now)
            case .ussd, .email: nil
            }
        return outcome ?? .refused(code: "unconfigured", detail: "the provider is not configured for sending any more", alarm: true)
    }

    /// The code of what may have arrived or not.
    static let unknown = "unknown"

    func settle(_ underway: Underway, _ outcome: SendOutcome) {
        do {
            try desk.settlement.settle(underway.record.number, underway.job, outcome, now: environment.now)
        } catch {
            // Tried again in each round. After a crash the next start finds the row `sending` and says that nobody knows.
            if unsettled.isEmpty { Log.error("outbox: row \(underway.record.number) could not be settled: \(error)") }
            unsettled.append((underway, outcome))
        }
    }

    // MARK: Freshchat's look-ups

    /// The group's identifier is found and kept, then the assignment begins anew.
    private func settleGroups(_ underway: Underway, _ answer: ProviderAnswer, page: Int) {
        guard answer.status == 200 else { return settle(underway, outcome(of: answer, underway)) }
        let name = desk.configuration.freshchat?.group ?? ""
        let found = FreshchatClient.group(named: name, in: answer)
        groupPage = found.id == nil && found.hasMorePages ? page + 1 : 1
        if let id = found.id { freshchatGroup = (id, environment.now.adding(.seconds(3600))) }
        if found.id != nil || found.hasMorePages { return settle(underway, .retry(code: "next_step", detail: "", after: .zero, alarm: false)) }
        settle(
            underway,
            .retry(
                code: "no_group", detail: "Freshchat has no group '\(name)': make it, or name another in freshchat.group", after: .seconds(300),
                alarm: true))
    }

    /// A user who is not found may be so new that not all of Freshchat knows of them: asked for some minutes, then taken for a stranger.
    private static let mostUserLookups = 20

    private func settleLookup(_ underway: Underway, _ message: FreshchatMessage, _ answer: ProviderAnswer) {
        if answer.status == 404, underway.record.attempts < Self.mostUserLookups {
            return settle(underway, .retry(code: "http_404", detail: "Freshchat does not know the user", after: nil, alarm: false))
        }
        do {
            try desk.freshchatIntake.take(message, phone: FreshchatClient.phone(in: answer), from: "freshchat")
            settle(underway, .accepted(id: nil))
        } catch {
            Log.error("outbox: a Freshchat message could not be taken: \(error)")
            settle(underway, .retry(code: "store", detail: "it could not be stored", after: nil, alarm: true))
        }
    }

    // MARK: After a crash, or the restore of a backup

    /// What was with a provider when the server ended, or waited in a backup and may have gone since: what may be repeated goes again, of the rest
    /// nobody knows whether it arrived.
    func settleInterrupted() {
        do {
            while true {
                let rows = try environment.store.read { try $0.outbox(in: .sending, changedBefore: Timestamp(unixMilliseconds: .max), limit: 100) }
                if rows.isEmpty { return }
                for row in rows {
                    let job = Job(stored: row)
                    let isRepeatable =
                        switch job {
                        case .say, nil: false
                        default: true
                        }
                    let outcome: SendOutcome =
                        isRepeatable
                        ? .retry(code: "interrupted", detail: "the server was stopped", after: .zero, alarm: false)
                        : .refused(
                            code: Self.unknown,
                            detail: "the server was stopped before the answer, or its store restored from a backup: nobody knows whether it arrived",
                            alarm: false)
                    try desk.settlement.settle(row.number, job, outcome, now: environment.now)
                }
            }
        } catch {
            Log.error("outbox: what a crash left could not be settled: \(error)")
        }
    }
}
