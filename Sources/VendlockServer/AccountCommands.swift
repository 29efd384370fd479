import BackOffice
import Platform
import Store
import Wire

/// `account …` and `channels`; files of accounts are in `AccountFileCommands`.
enum AccountCommands {
    static let all = [add, show, close, reopen, channels]

    private static let add = Command(
        words: ["account", "add"],
        usage: "account add REF --owner NAME [--number MSISDN] [--language CODE] [--channel CODE ...]",
        about: "create an account, locked to the channels given",
        options: APIClient.options + [.value("owner"), .value("number"), .value("language"), .value("channel")]
    ) { context in
        let reference = try context.reference(context.operand(0, "REF"))
        try context.noMore(after: 1)
        let body = NewAccountBody(
            reference: reference, owner: AccountRecord.Owner(name: try context.required("owner")),
            linked_number: context.arguments.value("number"), language: context.arguments.value("language"),
            locked_channels: try context.arguments.values("channel").map(context.channel))
        let answer = try context.client().send("POST", "/v1/accounts", body)
        try context.show(answer, lines(JSON.decode(AccountBody.self, from: answer)))
    }

    private static let show = Command(
        words: ["account", "show"], usage: "account show REF", about: "one account, its holds and devices", options: APIClient.options
    ) { context in
        let reference = try context.reference(context.operand(0, "REF"))
        try context.noMore(after: 1)
        let answer = try context.client().call("GET", "/v1/accounts/\(reference)")
        try context.show(answer, lines(JSON.decode(AccountBody.self, from: answer)))
    }

    private static let channels = Command(
        words: ["channels"], usage: "channels REF [CODE ...] [--ticket TEXT] [--force-reason TEXT]",
        about: "show or set the channels an account is locked to", options: APIClient.options + [.value("ticket"), .value("force-reason")]
    ) { context in
        let reference = try context.reference(context.operand(0, "REF"))
        let codes = try context.operands.dropFirst().map(context.channel)
        let client = try context.client()
        let answer: [UInt8]
        if codes.isEmpty {
            answer = try client.call("GET", "/v1/accounts/\(reference)")
        } else {
            let body = LockedChannelsBody(
                channels: codes, ticket: context.arguments.value("ticket") ?? "command line", force_reason: context.arguments.value("force-reason"))
            answer = try client.send("PUT", "/v1/accounts/\(reference)/locked-channels", body)
        }
        try context.show(answer, channelLines(JSON.decode(AccountBody.self, from: answer)))
    }

    private static let close = closing(
        "close", about: "close an account: it stays locked until it is reopened, and its terminals are registered nowhere", "POST")

    private static let reopen = closing("reopen", about: "open a closed account again; its terminals are registered anew", "DELETE")

    private static func closing(_ word: String, about: String, _ method: String) -> Command {
        Command(
            words: ["account", word], usage: "account \(word) REF --note TEXT", about: about, options: APIClient.options + [.value("note")]
        ) { context in
            let reference = try context.reference(context.operand(0, "REF"))
            try context.noMore(after: 1)
            let note = ReleaseBody(note: try context.required("note"))
            let answer = try context.client().send(method, "/v1/accounts/\(reference)/closure", note)
            try context.show(answer, lines(JSON.decode(AccountBody.self, from: answer)))
        }
    }

    static func lines(_ account: AccountBody) -> [String] {
        var lines = [
            "account         \(account.reference)  \(account.locked ? "LOCKED" : "not locked")"
                + (account.closed_at.map { "  CLOSED since \($0)" } ?? ""),
            "owner           \([account.owner.name, account.owner.surname].compactMap { $0 }.joined(separator: " "))",
            "linked number   \(account.linked_number ?? "none")",
            "language        \(account.language)",
        ]
        lines += channelLines(account)
        lines += account.holds.map { "hold            \($0.kind.rawValue): \($0.reason)  (\($0.placed_by), \($0.requested_at))" }
        lines += account.devices.map {
            "device          \($0.imei)  \($0.registered ? "registered" : "signed in")  \($0.model ?? "")  last heard \($0.last_seen.map(\.description) ?? "never")"
        }
        return lines
    }

    private static func channelLines(_ account: AccountBody) -> [String] {
        let last = account.last_channel.map { "\($0.channel) by \($0.imei) at \($0.at)" } ?? "none yet"
        let codes = account.locked_channels.isEmpty ? "none: no channel may be used" : account.locked_channels.map(\.text).joined(separator: " ")
        return ["locked channels \(codes)", "last connected  \(last)"]
    }
}
