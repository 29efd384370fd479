import BackOffice
import Platform
import Wire

/// `channel …`: the catalogue. The channels that one account is locked to are `channels REF`.
enum ChannelCommands {
    static let all = [list, add]

    private static let list = Command(
        words: ["channel", "list"], usage: "channel list", about: "the channels that there are", options: APIClient.options
    ) { context in
        try context.noMore(after: 0)
        let answer = try context.client().call("GET", "/v1/channels")
        try context.show(answer, JSON.decode(ChannelListBody.self, from: answer).channels.map(\.text))
    }

    private static let add = Command(
        words: ["channel", "add"], usage: "channel add CODE", about: "add a channel to the catalogue; no account may use it yet",
        options: APIClient.options
    ) { context in
        let code = try context.channel(context.operand(0, "CODE"))
        try context.noMore(after: 1)
        let answer = try context.client().send("POST", "/v1/channels", NewChannelBody(code: code))
        try context.show(answer, ["added: \(code)"])
    }
}
