import BackOffice
import Platform
import Store
import Wire

/// `account …` and `channels`; files of accounts are in `AccountFileCommands`.
enum AccountCommands {
    static let all = [add, change, show, close, reopen, channels]

    private static let ownerOptions: [Arguments.Option] = [
        .value("owner"), .value("surname"), .value("address"), .value("id-number"), .value("email"), .value("number"), .value("language"),
    ]
    private static let ownerUsage = "[--surname NAME] [--address TEXT] [--id-number TEXT] [--email ADDRESS] [--number MSISDN] [--language CODE]"

    private static let add = Command(
        words: ["account", "add"],
        usage: "account add REF --owner NAME \(ownerUsage) [--channel CODE ...]",
        about: "create an account, locked to the channels given",
        options: APIClient.options + ownerOptions + [.value("channel")]
    ) { context in
        let reference = try context.reference(context.operand(0, "REF"))
        try context.noMore(after: 1)
        let body = NewAccountBody(
            reference: reference,
            owner: AccountRecord.Owner(
                name: try context.required("owner"), surname: context.arguments.value("surname"), address: context.arguments.value("address"),
                id_number: context.arguments.value("id-number"), email: context.arguments.value("email")),
            linked_number: context.arguments.value("number"), language: context.arguments.value("language"),
            locked_channels: try context.arguments.values("channel").map(context.channel))
        let answer = try context.client().send("POST", "/v1/accounts", body)
        try context.show(answer, lines(JSON.decode(AccountBody.self, from: answer)))
    }

    private static let change = Command(
        words: ["account", "change"], usage: "account change REF [--owner NAME] \(ownerUsage)",
        about: "change what is on record of the owner (seniors only), the language, or link the first number; what is not named stays",
        options: APIClient.options + ownerOptions
    ) { context in
        let reference = try context.reference(context.operand(0, "REF"))
        try context.noMore(after: 1)
        let options = context.arguments
        let owner = AccountPatchBody.OwnerPatch(
            name: options.value("owner"), surname: options.value("surname"), address: options.value("address"), id_number: options.value("id-number"),
            email: options.value("email"))
        let patch = AccountPatchBody(
            owner: owner.isEmpty ? nil : owner, linked_number: options.value("number"), language: options.value("language"))
        guard patch.owner != nil || patch.linked_number != nil || patch.language != nil else {
            throw CommandLineError("nothing to change: \(context.usage)")
        }
        let answer = try context.client().send("PATCH", "/v1/accounts/\(reference)", patch)
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
        ]
        if let address = account.owner.address { lines.append("address         \(address)") }
        if let number = account.owner.id_number { lines.append("ID number       \(number)") }
        if let email = account.owner.email { lines.append("e-mail          \(email)") }
        if let hidden = account.hidden { lines.append("not shown       \(hidden.joined(separator: ", ")): level 1 asks for it") }
        lines += [
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
