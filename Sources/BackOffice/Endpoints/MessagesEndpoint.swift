import HTTPServer
import Messaging
import Store
import Wire

/// `/v1/messages` and `/v1/accounts/{ref}/messages`
extension BackOffice {
    func messagesEndpoints() -> [Endpoint] {
        let states = OutboxRecord.State.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ",")
        let providers = Provider.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ",")
        let filters: [Endpoint.Parameter] = [
            .query("state", #"{"enum":[\#(states)]}"#, "Only those in this state."),
            .query(
                "provider", #"{"enum":[\#(providers)]}"#,
                "Only those through this provider; absent: all but `webhooks`, which tell other systems, not people."),
        ]
        return [
            Endpoint(
                .GET, "/v1/messages", "What was sent to people or waits to be, newest first", access: .roles(.readers),
                parameters: Endpoint.Parameter.paging + filters,
                answers: [.json(200, "A page of them.", "OutboxList")], problems: [.invalidQuery],
                work: .worker { call in .json(200, try outboxList(of: nil, call)) }),
            Endpoint(
                .GET, "/v1/accounts/{ref}/messages", "The messages that came in for an account, and what was sent to people or waits to be",
                access: .roles(.readers), parameters: Endpoint.Parameter.limit + filters,
                answers: [.json(200, "The newest ones.", "AccountMessages")],
                problems: [.invalidReference, .accountNotFound, .invalidQuery],
                work: .worker { call in
                    let reference = try call.reference()
                    let limit = try call.limit()
                    let received = try environment.store.read { reader in
                        _ = try Accounts.existing(reference, in: reader)
                        return try reader.messages(of: reference, limit: limit).map(ReceivedBody.init)
                    }
                    return .json(200, AccountMessagesBody(received: received, sent: try outboxList(of: reference, call).messages))
                }),
        ]
    }

    private func outboxList(of reference: AccountReference?, _ call: Call) throws -> OutboxListBody {
        let state = try call.request.query("state").map { word in
            guard let state = OutboxRecord.State(rawValue: word) else {
                throw Problem(.invalidQuery, "'state' is one of \(OutboxRecord.State.allCases.map(\.rawValue).joined(separator: ", ")).")
            }
            return state
        }
        let provider = try call.request.query("provider").map { word in
            guard let provider = Provider(rawValue: word) else {
                throw Problem(.invalidQuery, "'provider' is one of \(Provider.allCases.map(\.rawValue).joined(separator: ", ")).")
            }
            return provider
        }
        let providers = provider.map { OutboxProviders.only($0.rawValue) } ?? .allBut(Provider.webhooks.rawValue)
        let (before, limit) = (try call.numberAfter(), try call.limit())
        let rows = try environment.store.read { try $0.outbox(of: reference, in: state, through: providers, before: before, limit: limit) }
        return OutboxListBody(
            messages: rows.map(OutboxBody.init), next: rows.count == limit ? rows.last.map { String($0.number) } : nil)
    }
}
