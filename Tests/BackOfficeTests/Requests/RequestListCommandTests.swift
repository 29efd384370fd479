import TestSupport
import Testing

/// `request list`, `request board`, `request kinds`, and what is typed wrongly.
@Suite struct RequestListCommandTests {
    private let office: RequestCommandLine
    private var reference: String { office.reference }

    init() throws { office = try RequestCommandLine() }

    private func lines(_ words: String...) throws -> [String] {
        let result = try office.run("auditor", words)
        #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
        return result.output.split(separator: "\n").map(String.init)
    }

    @Test func listsWhatIsAskedFor() throws {
        let complaint = try office.open(["complaint", "--account", reference, "--source", "phone", "--text", "paid twice"])
        let visit = try office.open(["geolocation-visit", "--account", reference, "--source", "phone"])
        let device = try office.open(["locked-device", "--imei", office.imei, "--source", "phone"])
        try office.done("desk", "email", visit, "--from", "nomsa@shop.example")
        try office.done("desk", "withdraw", complaint, "--note", "found it")
        let open = try lines("list", "--account", reference)
        #expect(open.count == 2 && open[0].hasPrefix(device) && open[1].hasPrefix(visit), "\(open)")
        #expect(open[0].contains("locked device") && open[0].contains(office.imei) && open[0].contains("operations, until "))
        #expect(!open[0].contains("NEWS") && open[1].hasSuffix("NEWS"))
        let closed = try lines("list", "--account", reference, "--state", "closed")
        #expect(closed.count == 1 && closed[0].hasPrefix(complaint) && closed[0].contains("withdrawn"))
        #expect(try lines("list", "--account", reference, "--state", "all").count == 3)
        #expect(try lines("list", "--account", reference, "--kind", "Geolocation Visit").map { $0.hasPrefix(visit) } == [true])
        #expect(try lines("list", "--account", reference, "--step", "found").map { $0.hasPrefix(device) } == [true])
        #expect(try lines("list", "--imei", office.imei).map { $0.hasPrefix(device) } == [true])
        #expect(try lines("list", "--account", reference, "--news").map { $0.hasPrefix(visit) } == [true])
        #expect(try lines("list", "--account", reference, "--overdue") == ["no such request"])
        let json = try JSONValue(Array(office.done("auditor", "list", "--account", reference, "--json").utf8))
        #expect(json["requests"].array.map { $0["ticket"].string } == [device, visit])
    }

    /// On a server of its own, because it shows all that is open.
    @Test func fitsTheBoardInto80Characters() throws {
        let server = try ServerProcess()
        let environment = ["VENDLOCK_URL": server.api.url, "VENDLOCK_TOKEN_FILE": server.tokenFile]
        func request(_ words: String...) throws -> String {
            let result = try Programs.run(Programs.server, ["request"] + words, environment: environment)
            #expect(result.status == 0 && result.errors.isEmpty, "\(words): \(result.errors)")
            return result.output
        }
        #expect(try request("board") == "no request is open\n")
        let imei = Names.imei()
        try server.api.addAccount("ACC-OF-20-CHARACTERS")
        try server.api.addDevice(imei, account: "ACC-OF-20-CHARACTERS")
        try server.api.lock("ACC-OF-20-CHARACTERS", kind: "vendor")
        for words in [
            ["multiple-channel-access", "--channel", "KazangPOS"], ["unlock-after-theft"], ["complaint", "--text", "paid twice"],
            ["geolocation-visit"], ["enquiry", "--text", "hello"],
        ] {
            let result = try Programs.run(
                Programs.server, ["request", "open"] + words + ["--account", "ACC-OF-20-CHARACTERS", "--source", "phone"], environment: environment)
            #expect(result.status == 0, "\(result.errors)")
        }
        let ticket = try #require(request("open", "locked-device", "--imei", imei, "--source", "phone").split(separator: ":").first)
        for _ in 0..<22 { _ = try request("open", "enquiry", "--source", "email", "--text", "who are you") }
        _ = try request("comment", String(ticket), "seen")
        _ = try request("email", String(ticket), "--from", "nomsa@shop.example")
        let board = try request("board")
        for line in board.split(separator: "\n") { #expect(line.count <= 80 && line.last != " ", "\(line)") }
        for part in ["sorting", "awaiting email", "level 1", "visit", "found", "investigation", "23 open", "3 older", "no account"] {
            #expect(board.contains(part), "\(part) in:\n\(board)")
        }
        #expect(board.contains(" *\(ticket) \(imei)") && board.contains("* something came"), "\(board)")
        #expect(board.contains("…"), "a reference that is too long is cut:\n\(board)")
        let devices = try request("board", "locked-device")
        #expect(devices.hasPrefix("found "), "\(devices)")
        #expect(devices.contains("awaiting owner") && devices.contains("to try") && !devices.contains("sorting"))
        #expect(try JSONValue(Array(request("board", "locked-device", "--json").utf8))["columns"].array.count == 3)
    }

    @Test func namesTheStepsOfEachKind() throws {
        let kinds = try lines("kinds")
        for kind in [
            "multiple-channel-access", "linked-number-change", "unlock-after-theft", "locked-device", "geolocation-visit", "complaint", "enquiry",
        ] { #expect(kinds.contains(kind), "\(kind) in: \(kinds)") }
        #expect(kinds.contains { $0.contains("awaiting email  the vendor, 7 days") })
        #expect(kinds.contains { $0.contains("approve (senior, admin; another person)") })
        let enquiry = try #require(kinds.firstIndex(of: "enquiry"))
        #expect(kinds[(enquiry + 1)...].count == 2, "an enquiry has one step of its own: \(kinds)")
    }

    @Test func showsTheServersAnswerAsJSON() throws {
        let ticket = try office.open(["complaint", "--account", reference, "--source", "phone", "--text", "paid twice"])
        let shown = try JSONValue(Array(office.done("desk", "show", ticket, "--json").utf8))
        #expect(shown["ticket"].string == ticket && shown["step"].string == "investigation")
        let moved = try JSONValue(Array(office.done("desk", "comment", ticket, "seen", "--json").utf8))
        #expect(moved["entries"].array.last?["text"].string == "seen")
    }

    @Test func saysInItsOwnWordsWhatTheServerRefuses() throws {
        try office.refused("desk", "show", "VL-999999999", says: "vendlock-server request list")
        try office.refused("desk", "open", "complaint", "--source", "phone", "--text", "t", says: "--account")
        try office.refused("desk", "open", "enquiry", "--source", "phone", says: "--text")
        try office.refused("desk", "open", "unlock-after-theft", "--account", reference, "--source", "phone", says: "vendlock-server unlock REF")
        let ticket = try office.open(["geolocation-visit", "--account", reference, "--source", "phone"])
        try office.refused("desk", "answer", ticket, says: "request show \(ticket)")
        try office.refused("auditor", "comment", ticket, "seen", says: "role_may_not")
    }

    @Test(arguments: [
        (["request"], "open, list"), (["request", "opne"], "open"), (["request", "show"], "TICKET"), (["request", "show", "V-1"], "VL-1042"),
        (["request", "show", "VL-1", "VL-2"], "VL-2"), (["request", "open"], "KIND"), (["request", "open", "complaints"], "\"complaint\""),
        (["request", "open", "theft"], "\"unlock-after-theft\""), (["request", "open", "complaint"], "--source"),
        (["request", "open", "complaint", "--source", "telephone"], "in-person"),
        (["request", "open", "complaint", "--source", "phon"], "\"phone\""),
        (["request", "open", "linked-number-change", "--source", "phone"], "vendlock-server number change REF --to"),
        (["request", "sort", "VL-1", "linked_number_change"], "request withdraw VL-1"), (["request", "sort", "VL-1"], "KIND"),
        (["request", "open", "complaint", "--source", "sms", "--account", "A!"], "A!"),
        (["request", "open", "complaint", "--source", "sms", "--imei", "123"], "123"),
        (["request", "open", "complaint", "--source", "sms", "--amount", "R 5"], "12.50"),
        (["request", "open", "complaint", "--source", "sms", "--amount", "1.234"], "12.50"),
        (["request", "open", "complaint", "--source", "sms", "--amount", "5."], "12.50"),
        (["request", "open", "complaint", "--source", "sms", "--amount", "-5"], "12.50"),
        (["request", "open", "complaint", "--source", "sms", "--amount-cents", "5.5"], "1250"),
        (["request", "open", "complaint", "--source", "sms", "--amount", "5", "--amount-cents", "5"], "one of them"),
        (["request", "open", "complaint", "--source", "sms", "--acount", "ACC-1"], "--account"),
        (["request", "list", "--step", "level3"], "level-1"), (["request", "list", "--kind", "theft"], "unlock-after-theft"),
        (["request", "list", "--state", "opened"], "\"open\""), (["request", "list", "VL-1"], "VL-1"),
        (["request", "board", "complaints"], "complaint"),
        (["request", "answer", "VL-1", "--owner", "maybe"], "yes, no"), (["request", "approve", "VL-1"], "--note"),
        (["request", "refuse", "VL-1", "--note", " "], "--note"), (["request", "comment", "VL-1"], "TEXT"), (["request", "email", "VL-1"], "--from"),
        (["request", "terminals", "VL-1"], "IMEI=recovered"), (["request", "terminals", "VL-1", "352099001761481"], "=written-off"),
        (["request", "terminals", "VL-1", "352099001761481=lost"], "recovered, written-off"),
        (["request", "terminals", "VL-1", "1=recovered"], "'1'"),
        (["request", "code", "VL-1"], "CODE"), (["request", "attempt", "VL-1", "open"], "opened"),
        (["request", "propose", "VL-1", "refund"], "refunded"), (["request", "propose", "VL-1", "settled"], "--text"),
        (["request", "visit", "VL-1", "--lat", "91", "--lon", "0", "--accuracy", "1"], "-90 to 90"),
        (["request", "visit", "VL-1", "--lat", "1", "--lon", "east", "--accuracy", "1"], "-180 to 180"),
        (["request", "visit", "VL-1", "--lat", "1", "--lon", "1", "--accuracy", "near"], "metres"),
        (["request", "visit", "VL-1", "--lat", "1", "--lon", "1"], "--accuracy"),
    ]) func explainsATypingMistakeInOneLine(_ words: [String], _ part: String) throws {
        office.expectOneLine(try office.run("desk", Array(words.dropFirst())), 2, part)
    }

    @Test func standsInTheHelp() throws {
        let environment = ["VENDLOCK_URL": try Shared.api.url]
        let help = try Programs.run(Programs.server, ["--help"], environment: environment).output
        for word in [
            "open", "list", "board", "show", "kinds", "sort", "answer", "approve", "refuse", "cancel", "withdraw", "comment", "email", "visit",
            "terminals",
            "letter", "code", "attempt", "give-up", "propose",
        ] {
            #expect(help.contains("request \(word)"), "\(word)")
            let own = try Programs.run(Programs.server, ["request", word, "--help"], environment: environment)
            #expect(own.status == 0 && own.output.contains("usage: vendlock-server request \(word)"))
        }
    }
}
