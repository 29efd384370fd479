import TestSupport
import Testing

/// `request …`: each step of each kind.
@Suite struct RequestCommandTests {
    private let office: RequestCommandLine
    private var reference: String { office.reference }

    init() throws { office = try RequestCommandLine() }

    private func openAccess(_ more: String...) throws -> String {
        try office.open(
            ["multiple-channel-access", "--account", reference, "--source", "email", "--email", "nomsa@shop.example", "--channel", "KazangPOS"] + more
        )
    }

    // MARK: Multiple channel access

    @Test func opensASecondChannelFromTheTelephoneCallToTheApproval() throws {
        let opened = try office.done(
            "desk", "open", "multiple_channel_access", "--account", reference, "--source", "phone", "--channel", "KazangPOS", "--text", "for the boy",
            with: ["by telephone", "Now at awaiting email: the vendor is next, until "])
        let ticket = String(try #require(opened.split(separator: ":").first))
        #expect(opened.contains("vendlock-server request email \(ticket) --from ADDRESS"))
        try office.done(
            "desk", "email", String(ticket.dropFirst(3)), "--from", "nomsa@shop.example", "--text", "as I said",
            with: ["the address on record", "Now at level 1", "request answer \(ticket)"])
        #expect(try office.answer(ticket).contains("Now at level 2: the senior team is next"))
        try office.done("desk", "comment", ticket, "she", "called", "again", with: ["\(ticket): she called again"])
        try office.refused("desk", "approve", ticket, "--note", "n", says: "role_may_not")
        try office.done(
            "senior", "approve", "vl" + ticket.dropFirst(3), "--note", "checked", with: ["KazangPOS is added", "It has ended: approved."])
        #expect(try Shared.api.get("/v1/accounts/\(reference)").json["locked_channels"].array.map(\.string) == ["KazTimpaPro", "KazangPOS"])
    }

    @Test func asksForWhatIsMissingInTheVendorsOrder() throws {
        let ticket = try openAccess()
        let result = try office.type(
            ["Nomsa", "Khumalo", "", "14 Main Road, Soweto", "8001015009087", office.imei, "perhaps", "yes", ""], as: "desk", ["answer", ticket])
        #expect(result.status == 0, "\(result)")
        var rest = result.output[...]
        for question in [
            "name: ", "surname: ", "full address: ", "full address: ", "ID number: ", "IMEI of the device: ", "owner", "yes or no", "moved",
        ] {
            let place = try #require(rest.firstRange(of: question), "\(question) in: \(rest)")
            rest = rest[place.upperBound...]
        }
        #expect(rest.contains("Now at level 2"))
        #expect(try office.request(ticket)["step"].string == "level_2")
    }

    @Test func asksOnlyForWhatIsMissing() throws {
        let ticket = try office.open([
            "multiple-channel-access", "--account", reference, "--source", "email", "--email", "other@shop.example", "--channel", "KazangPOS",
        ])
        let given = office.answers.map { $0.contains(" ") ? "\"\($0)\"" : $0 }.dropLast(2)
        let result = try office.type(["yes", "called the linked number", "3 Vilakazi Street"], as: "desk", ["answer", ticket] + given)
        #expect(result.status == 0 && !result.output.contains("surname:") && !result.output.contains("address:"), "\(result)")
        #expect(result.output.contains("How did you make sure of it?") && result.output.contains("Now at visit"), "\(result)")
        let request = try office.request(ticket)
        #expect(request["owner_confirmation"].string == "called the linked number" && request["new_address"].string == "3 Vilakazi Street")
    }

    @Test func comparesNothingWhenTheAnswersEndEarly() throws {
        let ticket = try openAccess()
        // The end of the input, as Ctrl-D types it.
        let result = try office.type(["Nomsa", "\u{4}"], as: "desk", ["answer", ticket])
        #expect(result.status == 1 && result.output.contains("Nothing was compared"), "\(result)")
        #expect(try office.request(ticket)["step"].string == "level_1")
    }

    @Test func namesTheMissingAnswersWhereNobodyCanBeAsked() throws {
        let ticket = try openAccess()
        try office.refused(
            "desk", "answer", ticket, "--name", "Nomsa", "--imei", "1", status: 2, says: "--surname, --address, --id-number, --owner missing")
        #expect(try office.request(ticket)["step"].string == "level_1")
    }

    @Test func showsWhoseTurnItIsAndTheCommands() throws {
        let ticket = try openAccess("--text", "for the boy", "--help-desk-ticket", "HD-7")
        let before = try office.done(
            "desk", "show", ticket,
            with: [
                "\(ticket)  multiple channel access, level 1", "the call centre, until ", reference, "KazangPOS", "for the boy", "HD-7",
                "nomsa@shop.example (the address on record)", "name, surname, full address, ID number, IMEI of the device, whether it is the owner",
                "vendlock-server request answer \(ticket)\n      call centre, senior, admin\n",
            ])
        for secret in ["Nomsa", "Khumalo", "Main Road", "8001015009087", office.imei] { #expect(!before.contains(secret), "\(secret) in: \(before)") }
        try office.done(
            "desk", "answer", ticket, "--name", "Nomsa", "--surname", "Khumalo", "--address", "15 Main Road, Soweto", "--id-number", "8001015009087",
            "--imei", office.imei, "--owner", "yes", with: ["It has ended: wrong answer."])
        let after = try office.done("senior", "show", ticket, with: ["answers, asked by token:desk-\(reference)", "DIFFERS  15 Main Road, Soweto"])
        #expect(after.split(separator: "\n").count { $0.contains("  agrees   ") } == 4, "\(after)")
        #expect(!after.contains("what can be done"))
        try office.refused("desk", "comment", ticket, "too late", says: "request show \(ticket)")
    }

    @Test func refusesAndWithdraws() throws {
        let first = try openAccess()
        try office.done("desk", "withdraw", first, "--note", "changed her mind", with: ["It has ended: withdrawn."])
        let second = try openAccess()
        try office.answer(second)
        try office.done("senior", "refuse", second, "--note", "too many channels", with: ["It has ended: refused."])
        #expect(try office.request(second)["outcome"].string == "refused")
    }

    // MARK: Visits

    @Test func takesWhereAFieldAgentStands() throws {
        let terminal = try TestTerminal.connected(Shared.api, account: reference)
        let ticket = try office.open(["geolocation-visit", "--account", reference, "--source", "in-person"])
        let lines = try office.done(
            "agent", "visit", ticket, "--lat", "-26.2678", "--lon=27.8585", "--accuracy", "12", "--imei", terminal.imei, "--note", "at the counter",
            with: ["\(terminal.imei): its own position is asked for", "In a minute: vendlock-server request show \(ticket)"])
        #expect(lines.split(separator: "\n").count == 2)
        let visit = try #require(try Shared.api.get("/v1/visits?account=\(reference)").json["visits"].array.first)
        #expect(visit["phone"]["lat"].number == -26.2678 && visit["phone"]["lon"].number == 27.8585 && visit["phone"]["accuracy_m"].number == 12)
        #expect(visit["imei"].string == terminal.imei && visit["note"].string == "at the counter" && visit["ticket"].string == ticket)
        try office.refused("desk", "visit", ticket, "--lat", "1", "--lon", "1", "--accuracy", "1", says: "role_may_not")
    }

    // MARK: Theft

    @Test func reopensAnAccountAfterATheft() throws {
        try Shared.api.lock(reference, kind: "vendor")
        let ticket = try office.open(["unlock-after-theft", "--account", reference, "--source", "phone"])
        #expect(try office.answer(ticket).contains("request terminals \(ticket) IMEI=recovered"))
        try office.done(
            "desk", "terminals", ticket, "\(office.imei)=written-off", "--note", "police case 17",
            with: ["is written off. police case 17", "Now at level 2"])
        try office.done("senior", "approve", ticket, "--note", "read", with: ["The vendor's hold is released", "It has ended: approved."])
        #expect(try Shared.api.get("/v1/accounts/\(reference)").json["locked"].bool == false)
        #expect(try Shared.api.get("/v1/devices/\(office.imei)").json["decommissioned"].bool == true)
    }

    // MARK: Locked devices

    @Test func opensALockedDeviceInItsSecondRound() throws {
        let ticket = try office.open(["locked-device", "--imei", office.imei, "--source", "in-person"])
        try office.done("agent", "letter", ticket, "--note", "came in a box", with: ["Now at awaiting owner: the vendor is next"])
        let piped = try office.pipe("4711\n", as: "desk", ["code", ticket, "-"])
        #expect(piped.status == 0 && piped.output.contains("Now at to try: operations is next"), "\(piped)")
        #expect(!piped.output.contains("4711"))
        #expect(try !office.done("desk", "show", ticket).contains("4711"))
        try office.done("agent", "show", ticket, with: ["access code", "4711"])
        try office.done("agent", "attempt", ticket, "wrong", with: ["round 2", "Now at awaiting owner"])
        try office.done("desk", "code", ticket, "0815")
        try office.done("agent", "attempt", ticket, "opened", "--note", "screen is broken", with: ["screen is broken", "It has ended: opened."])
    }

    @Test func givesALockedDeviceUp() throws {
        let ticket = try office.open(["locked-device", "--imei", office.imei, "--source", "phone"])
        try office.done("senior", "give-up", ticket, "--note", "the owner is gone", with: ["It has ended: given up."])
        office.expectOneLine(try office.pipe("\n", as: "desk", ["code", ticket, "-"]), 1, "no access code")
    }

    // MARK: Complaints

    @Test func takesAComplaintToItsRefund() throws {
        let ticket = try office.open([
            "complaint", "--account", reference, "--source", "whatsapp", "--text", "paid twice", "--transaction", "T-17", "--amount", "12,5",
        ])
        #expect(try office.request(ticket)["amount_cents"].integer == 1250)
        try office.done(
            "desk", "propose", ticket, "refunded", "--text", "seen", "--amount-cents", "1000", with: ["A refund of 10.00", "Now at level 2"])
        try office.done("senior", "refuse", ticket, "--note", "show the slip", with: ["Now at investigation"])
        try office.done("desk", "propose", ticket, "refunded", "--text", "slip seen", "--amount", "12.05")
        try office.done("senior", "approve", ticket, "--note", "fine", with: ["It has ended: refunded."])
        #expect(try office.request(ticket)["amount_cents"].integer == 1205)
    }

    @Test(arguments: ["settled", "rejected"]) func answersAComplaintAtOnce(_ outcome: String) throws {
        let ticket = try office.open(["complaint", "--account", reference, "--source", "sms", "--text", "paid twice"])
        try office.done("desk", "propose", ticket, outcome, "--text", "found it", with: ["found it", "It has ended: \(outcome)."])
    }

    // MARK: Enquiries and numbers

    @Test func sortsAnEnquiry() throws {
        let ticket = try office.open(["enquiry", "--source", "email", "--email", "nomsa@shop.example", "--text", "hello"])
        try office.done("desk", "show", ticket, with: ["request sort \(ticket) KIND --account REF"])
        try office.refused("desk", "sort", ticket, "multiple-channel-access", "--account", reference, says: "--channel")
        try office.done(
            "desk", "sort", ticket, "Multiple Channel Access", "--account", reference, "--channel", "KazangPOS", with: ["Now at level 1"])
        #expect(try office.request(ticket)["kind"].string == "multiple_channel_access")
    }

    @Test func decidesOnAChangeOfNumberByItsTicket() throws {
        func change(to number: String) throws -> String {
            let words = [
                NumberOffice.notice(NumberOffice.png, "image/png"), NumberOffice.words("last_conversation", "wrote on Monday about a voucher"),
                NumberOffice.words("past_transaction", "airtime for R 20.00 on Tuesday"),
            ]
            let body = #"{"new_number":"\#(number)","reason":"lost the SIM card","evidence":[\#(words.joined(separator: ","))]}"#
            try Shared.api.must(201, "POST", "/v1/accounts/\(reference)/number-changes", body)
            let list = try Shared.api.get("/v1/requests?account=\(reference)&kind=linked_number_change").json["requests"]
            return try #require(list[0]["ticket"].string)
        }
        let refused = try change(to: "+27821234567")
        try office.done("senior", "refuse", refused, "--note", "not her", with: ["It has ended: refused."])
        try office.refused("senior", "cancel", refused, "--note", "n", says: "number_change_not_approved")
        let approved = try change(to: "+27821234567")
        try office.done(
            "senior", "approve", approved, "--note", "called",
            with: ["It has ended: approved.", "To undo it: vendlock-server request cancel \(approved)"])
        try office.done("senior", "show", approved, with: ["vendlock-server number list \(reference)", "request cancel \(approved) --note TEXT"])
        try office.done("senior", "cancel", approved, "--note", "was not her", with: ["It has ended: cancelled."])
        #expect(try !office.done("senior", "show", approved).contains("request cancel"))
        #expect(try Shared.api.get("/v1/accounts/\(reference)").json["linked_number"].string == "+27711234567")
    }
}
