import BackOffice
import Glibc
import Messaging
import Platform
import Wire

/// `drill` and `messages`.
enum MessageCommands {
    static let all = [drill, messages]

    /// How long terminals are waited for: as long as the server waits.
    private static let patience = Duration.seconds(10)

    private static let drill = Command(
        words: ["drill"], usage: "drill REF", about: "send to each terminal and back, as a lock goes, without locking; shows how long each took",
        options: APIClient.options
    ) { context in
        let reference = try context.reference(context.operand(0, "REF"))
        try context.noMore(after: 1)
        let client = try context.client()
        let path = "/v1/accounts/\(reference)/drills"
        let started = ContinuousClock.now
        var answer = try client.call("POST", path)
        var drill = try JSON.decode(DrillBody.self, from: answer)
        let id = APIClient.segment(drill.id)
        while !drill.isAnswered, drill.finished_at == nil, ContinuousClock.now - started < patience {
            usleep(100_000)
            answer = try client.call("GET", "\(path)/\(id)")
            drill = try JSON.decode(DrillBody.self, from: answer)
        }
        try context.show(answer, lines(drill))
        let silent = drill.terminals.count { $0.confirmed_at == nil }
        guard silent == 0 else {
            throw Failure(
                "\(silent) of \(drill.terminals.count) terminals did not answer. device show IMEI tells when each was last heard; without a connection it stops by itself when its lease runs out."
            )
        }
    }

    private static func lines(_ drill: DrillBody) -> [String] {
        if drill.terminals.isEmpty { return ["no terminal of this account is enrolled"] }
        return drill.terminals.map { terminal in
            terminal.round_trip_ms.map { "\(terminal.imei) answered after \($0) ms" } ?? "\(terminal.imei) no answer"
        }
    }

    private static let messages = Command(
        words: ["messages"], usage: "messages [REF] [--provider NAME]",
        about:
            "what was sent to people or waits to be, and with REF what came in for that account; --provider webhooks: what other systems were told",
        options: APIClient.options + [.value("provider")]
    ) { context in
        try context.noMore(after: 1)
        let filter = try context.arguments.value("provider").map { name in
            guard Provider(rawValue: name) != nil else {
                throw CommandLineError("--provider is '\(name)': give one of \(Provider.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            return "?provider=\(name)"
        }
        guard let word = context.operands.first else {
            let answer = try context.client().call("GET", "/v1/messages" + (filter ?? ""))
            return try context.show(answer, lines([], JSON.decode(OutboxListBody.self, from: answer).messages))
        }
        let reference = try context.reference(word)
        let answer = try context.client().call("GET", "/v1/accounts/\(reference)/messages" + (filter ?? ""))
        let body = try JSON.decode(AccountMessagesBody.self, from: answer)
        try context.show(answer, lines(body.received, body.sent))
    }

    private static func lines(_ received: [ReceivedBody], _ sent: [OutboxBody]) -> [String] {
        let lines =
            received.map { "in   \($0.received_at)  \($0.provider)  from \($0.sender)  \($0.outcome)" }
            + sent.map { message in
                var line = "out  \(message.created_at)  \(message.provider)  \(message.what)  \(message.state)"
                if let next = message.next_try_at { line += "  next at \(next)" }
                if let failure = message.failure { line += "  (\(failure))" }
                return line
            }
        return lines.isEmpty ? ["no messages"] : lines
    }
}

extension DrillBody {
    fileprivate var isAnswered: Bool { terminals.allSatisfy { $0.confirmed_at != nil } }
}
