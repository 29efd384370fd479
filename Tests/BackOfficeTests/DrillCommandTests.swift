import TestSupport
import Testing
import Wire

/// `drill` and `messages`.
@Suite struct DrillCommandTests {
    private func environment() throws -> [String: String] {
        ["VENDLOCK_URL": try Shared.api.url, "VENDLOCK_TOKEN_FILE": try Shared.tokenFile]
    }

    private func run(_ words: [String]) throws -> (status: Int32, output: String, errors: String) {
        try Programs.run(Programs.server, words, environment: environment())
    }

    /// Takes what the drill sends to a parked poll and acknowledges it, as an agent does.
    private func answer(_ poll: TestTerminal.PendingPoll, by terminal: TestTerminal) throws {
        let lease = try terminal.lease(poll)
        #expect(!lease.locked)
        _ = try terminal.poll(after: lease.rev)
    }

    @Test(arguments: [false, true]) func tellsHowLongEachTerminalTook(_ asJSON: Bool) throws {
        let reference = Names.reference()
        try Shared.api.addAccount(reference)
        let terminal = try TestTerminal.connected(Shared.api, account: reference)
        let revision = try terminal.poll(after: nil).rev
        let poll = try terminal.startPoll(after: revision)
        let process = try ChildProcess(Programs.server, ["drill", reference] + (asJSON ? ["--json"] : []), environment: environment())
        try answer(poll, by: terminal)
        #expect(try process.wait() == .exit(0), "\(process.errors)")
        if asJSON {
            let drill = try JSONValue(Array(process.output.utf8))
            #expect(drill["terminals"][0]["imei"].string == terminal.imei && drill["terminals"][0].has("round_trip_ms"))
        } else {
            let words = process.output.split(separator: " ")
            #expect(process.output.hasPrefix("\(terminal.imei) answered after ") && process.output.hasSuffix(" ms\n"), "\(process.output)")
            #expect(words.count == 5 && words[3].allSatisfy(\.isNumber))
        }
        #expect(try Shared.api.get("/v1/accounts/\(reference)").json["locked"].bool == false)
    }

    /// Really waits, because the server's clock is the real one.
    @Test func failsWhenATerminalDoesNotAnswer() throws {
        let reference = Names.reference()
        try Shared.api.addAccount(reference, channels: ["KazTimpaPro", "KazangMobi2"])
        let good = try TestTerminal.connected(Shared.api, account: reference)
        let silent = try TestTerminal.connected(Shared.api, account: reference)
        let poll = try good.startPoll(after: good.poll(after: nil).rev)
        let process = try ChildProcess(Programs.server, ["drill", reference], environment: environment())
        try answer(poll, by: good)
        #expect(try process.wait() == .exit(1))
        #expect(process.output.contains("\(good.imei) answered after ") && process.output.contains("\(silent.imei) no answer\n"))
        #expect(process.errorLines.count == 1 && process.errors.contains("1 of 2 terminals"), "\(process.errors)")
    }

    @Test func saysWhenThereIsNoTerminal() throws {
        let reference = Names.reference()
        try Shared.api.addAccount(reference)
        let result = try run(["drill", reference])
        #expect(result.status == 0 && result.output.contains("no terminal"), "\(result)")
        let unknown = try run(["drill", Names.reference()])
        #expect(unknown.status == 1 && unknown.errors.contains("account_not_found") && unknown.output.isEmpty)
    }

    @Test func showsMessages() throws {
        let secret = "a secret of these tests"
        let graph = try GraphStandIn()
        let server = try ServerProcess(
            configuration: #"{"whatsapp":{"app_secret":"\#(secret)","access_token":"graph-token","graph_url":"\#(graph.url)"}}"#)
        let environment = ["VENDLOCK_URL": server.api.url, "VENDLOCK_TOKEN_FILE": server.tokenFile]
        func show(_ words: [String]) throws -> String {
            let result = try Programs.run(Programs.server, ["messages"] + words, environment: environment)
            #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
            return result.output
        }
        #expect(try show([]) == "no messages\n")
        try server.api.addAccount("ACC-TOLD", number: "+27711234567")
        #expect(try show(["ACC-TOLD"]) == "no messages\n")
        try Webhooks.whatsApp(text: "Stop ACC-TOLD", from: "27711234567", secret: secret).post(to: server.port, "/hooks/whatsapp")
        try graph.waitFor(count: 1)
        try eventually("the answer to be settled") { try show([]).contains("  sent\n") }
        let lines = try show(["ACC-TOLD"]).split(separator: "\n")
        #expect(lines.count == 2 && lines[0].hasPrefix("in   ") && lines[0].contains("+27711234567") && lines[0].hasSuffix("locked"))
        #expect(lines[1].hasPrefix("out  ") && lines[1].contains("lock report to 27711234567"), "\(lines)")
        #expect(try JSONValue(Array(show(["--json"]).utf8)) == server.api.get("/v1/messages").json)
        #expect(try show(["--provider", "whatsapp"]).contains("lock report to 27711234567"))
        for words in [[], ["ACC-TOLD"]] { #expect(try !show(words + ["--provider", "webhooks"]).contains("out  ")) }
        #expect(try show(["--help"]).contains("--provider webhooks"))
        #expect(try JSONValue(Array(show(["ACC-TOLD", "--json"]).utf8)) == server.api.get("/v1/accounts/ACC-TOLD/messages").json)
    }

    @Test(arguments: [
        (["drill"], "REF"), (["drill", "A!"], "A!"), (["drill", "ACC-1", "ACC-2"], "ACC-2"), (["dril", "ACC-1"], "drill"),
        (["messages", "ACC-1", "ACC-2"], "ACC-2"), (["messages", "A!"], "A!"), (["messages", "--provider", "slack"], "webhooks"),
        (["mesages"], "messages"),
    ]) func explainsATypingMistakeInOneLine(_ words: [String], _ part: String) throws {
        let result = try run(words)
        #expect(result.status == 2 && result.output.isEmpty)
        #expect(result.errors.split(separator: "\n").count == 1 && result.errors.contains(part), "\(result.errors)")
    }
}
