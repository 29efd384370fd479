import Testing
import Foundation
import TestSupport
import Wire

/// A second channel: by e-mail only, level 1, level 2, and never the same person.
@Suite struct MultipleChannelAccessTests {
    private let office: RequestOffice

    init() throws { office = try RequestOffice() }

    @Test func goesThroughBothLevels() throws {
        let opened = try office.open("multiple_channel_access", #""channel":"KazAndroid","email":"\#(RequestOffice.email)""#)
        let ticket = try office.ticket(opened)
        #expect(opened["step"].string == "level_1" && opened["waiting_for"].string == "call_centre" && opened["email_on_record"].bool == true)
        #expect(opened["asks"].array.compactMap(\.string) == ["name", "surname", "address", "id_number", "imei"])
        let checked = try office.must("answers", ticket, office.rightAnswers())
        #expect(checked["step"].string == "level_2" && checked["checked_by"].string == "token:desk")
        #expect(checked["answers"].array.allSatisfy { $0["agrees"].bool == true })
        #expect(try office.channels == ["KazTimpaPro"], "nothing is changed before level 2")
        let approved = try office.must("approval", ticket, by: office.senior)
        #expect(approved["step"].string == "closed" && approved["outcome"].string == "approved")
        #expect(try office.channels == ["KazTimpaPro", "KazAndroid"])
        #expect(try office.told(3) == ["request_opened", "request_checked", "channel_opened"])
        let note = try #require(try office.notes("multiple_channel_access").first)
        #expect(note["text"].string == "\(ticket) multiple channel access" && note["ticket"].string == ticket)
        #expect(note["actor"].string == "token:senior" && note["role"].string == "senior" && note["source_address"].string == "127.0.0.1")
        for kind in ["request_opening", "request_answers", "request_approval", "channels_set"] {
            #expect(try office.notes(kind).first?["ticket"].string == ticket, "\(kind)")
        }
        #expect(approved["entries"].array.compactMap { $0["action"].string } == ["opening", "answers", "approval"])
    }

    @Test(arguments: ["phone", "whatsapp", "sms", "freshchat", "in_person"])
    func isAnsweredWithTheRightWay(_ source: String) throws {
        let opened = try office.open("multiple_channel_access", #""channel":"KazAndroid""#, source: source)
        let ticket = try office.ticket(opened)
        #expect(opened["step"].string == "awaiting_email" && opened["waiting_for"].string == "vendor")
        try office.graph.waitFor(count: 1)
        let sent = try #require(office.graph.sent(to: RequestOffice.number).first)
        #expect(sent.template == "vendlock_request_email_needed" && sent.parameters == [ticket, "help@vendor.example"])
        expectProblem(try office.step("answers", ticket, office.rightAnswers()), 409, "step_out_of_order")
        let came = try office.must("emails", ticket, #"{"from":"Nomsa@Shop.Example","text":"please"}"#)
        #expect(came["step"].string == "level_1" && came["source"].string == "email" && came["email_on_record"].bool == true)
        try office.must("answers", ticket, office.rightAnswers())
    }

    @Test func remindsOnceThenEndsWithoutAnEmail() throws {
        let ticket = try office.ticket(office.open("multiple_channel_access", #""channel":"KazAndroid""#, source: "phone"))
        try office.pass(.seconds(7 * 86_400) - .milliseconds(1))
        #expect(try office.show(ticket)["reminders"].integer == 0)
        try office.pass(.milliseconds(1))
        let reminded = try office.show(ticket)
        #expect(reminded["reminders"].integer == 1 && reminded["step"].string == "awaiting_email")
        #expect(
            reminded["entries"].array.last?["action"].string == "reminder"
                && reminded["entries"].array.last?["at"].string == office.clock.now.description)
        try office.pass(.seconds(7 * 86_400))
        let ended = try office.show(ticket)
        #expect(ended["step"].string == "closed" && ended["outcome"].string == "lapsed")
        #expect(try office.told(3) == ["request_email_needed", "request_email_reminder", "request_lapsed"])
        expectProblem(try office.step("emails", ticket, #"{"from":"a@b.example"}"#), 409, "step_out_of_order")
    }

    @Test(arguments: [
        ("name", "Nomza"), ("surname", "Dlamini"), ("address", "21 Vilakazi Street, Orlando West, 1804"), ("id_number", "8001015009086"),
        ("imei", "352099001761481"),
    ])
    func aWrongAnswerEndsIt(_ field: String, _ wrong: String) throws {
        let ticket = try office.openChannel()
        let ended = try office.must("answers", ticket, office.rightAnswers([field: wrong]))
        #expect(ended["step"].string == "closed" && ended["outcome"].string == "wrong_answer")
        #expect(ended["answers"].array.filter { $0["agrees"].bool == false }.compactMap { $0["field"].string } == [field])
        #expect(try office.told(2) == ["request_opened", "request_wrong_answer"])
        #expect(try office.channels == ["KazTimpaPro"])
        let note = try #require(try office.notes("request_answers").first?["text"].string)
        #expect(!note.contains(wrong), "what was answered is not in a note that stands for ever")
        expectProblem(try office.step("approval", ticket, by: office.senior), 409, "step_out_of_order")
        // What it should have been is not said to whoever may ask again.
        let shown = try office.show(ticket)["answers"].array.first { $0["field"].string == field }
        #expect(shown?.has("stored") == false && shown?.has("given") == false)
        #expect(try office.show(ticket, by: office.senior)["answers"].array.first { $0["field"].string == field }?.has("stored") == true)
        // A new one may be asked for.
        _ = try office.openChannel()
    }

    @Test func endsTheGuessingAfterThreeWrongOnesADay() throws {
        for _ in 1...3 { try office.must("answers", office.openChannel(), office.rightAnswers(["id_number": "1"])) }
        let body =
            #"{"kind":"multiple_channel_access","account":"\#(office.reference)","source":"email","channel":"KazAndroid","email":"a@b.example"}"#
        expectProblem(try office.desk.post("/v1/requests", body), 429, "too_many_tries")
        office.clock.advance(by: .seconds(86_400))
        _ = try office.openChannel()
    }

    @Test func whoeverIsNotTheOwnerEndsIt() throws {
        let ticket = try office.openChannel()
        let body = office.rightAnswers().replacing("\"is_owner\":true", with: "\"is_owner\":false")
        #expect(try office.must("answers", ticket, body)["outcome"].string == "wrong_answer")
    }

    @Test func comparesNothingUntilEverythingIsAnswered() throws {
        let ticket = try office.openChannel()
        let reply = try office.step("answers", ticket, #"{"name":"Wrong","is_owner":true}"#)
        expectProblem(reply, 400, "answer_required")
        for field in ["surname", "address", "id_number", "imei"] { #expect(reply.text.contains(field)) }
        #expect(!reply.text.contains("'name'"))
        expectProblem(
            try office.step("answers", ticket, office.rightAnswers().replacing(",\"is_owner\":true", with: "")), 400, "answer_required")
        #expect(try office.show(ticket)["step"].string == "level_1")
        #expect(try office.show(ticket)["answers"].array.isEmpty)
    }

    @Test func asksWhoWritesWhenTheAddressIsNotOnRecord() throws {
        let opened = try office.open("multiple_channel_access", #""channel":"KazAndroid","email":"someone@else.example""#)
        let ticket = try office.ticket(opened)
        #expect(opened["email_on_record"].bool == false)
        expectProblem(try office.step("answers", ticket, office.rightAnswers()), 400, "answer_required")
        let checked = try office.must("answers", ticket, office.rightAnswers(more: #""owner_confirmation":"called the linked number back""#))
        #expect(checked["step"].string == "level_2" && checked["owner_confirmation"].string == "called the linked number back")
    }

    /// Whoever asks the questions does not set the answers: not what is on record of the owner, and no device that is registered since.
    @Test func level1SetsNoAnswer() throws {
        for patch in [#"{"owner":{"id_number":"7501015009087"}}"#, #"{"owner":{"email":"thief@shop.example"},"language":"zu"}"#] {
            expectProblem(try office.desk.patch(office.path, patch), 403, "role_may_not")
        }
        #expect(try office.account["language"].string == "en")
        let ticket = try office.openChannel()
        office.clock.advance(by: .seconds(1))
        let device = Names.imei()
        try office.desk.must(201, "POST", "/v1/devices", #"{"imei":"\#(device)","account":"\#(office.reference)"}"#)
        #expect(try office.must("answers", ticket, office.rightAnswers(["imei": device]))["outcome"].string == "wrong_answer")
    }

    @Test func aNoteNamesWhatWasChangedOfTheOwner() throws {
        try office.senior.must(200, "PATCH", office.path, #"{"owner":{"id_number":"7501015009087","email":"n@shop.example"}}"#)
        #expect(try office.notes("account_changed").first?["text"].string == "Changed: owner (ID number, e-mail).")
    }

    /// Whatever an approval rests on is not the approver's.
    @Test(arguments: ["emails", "sorting"]) func whoeverHadAPartApprovesNothing(_ part: String) throws {
        let ticket: String
        if part == "emails" {
            ticket = try office.ticket(office.open("multiple_channel_access", #""channel":"KazAndroid""#, source: "phone"))
            try office.must("emails", ticket, #"{"from":"\#(RequestOffice.email)"}"#, by: office.senior)
        } else {
            ticket = try office.ticket(office.open("enquiry", #""text":"t","email":"\#(RequestOffice.email)""#))
            try office.must("sorting", ticket, #"{"kind":"multiple_channel_access","channel":"KazAndroid"}"#, by: office.senior)
        }
        try office.must("answers", ticket, office.rightAnswers())
        expectProblem(try office.step("approval", ticket, by: office.senior), 409, "same_person")
        try office.must("approval", ticket, by: office.other)
    }

    /// Tokens are named freely: case and spaces make nobody another person.
    @Test(arguments: ["SENIOR", " Senior "]) func anotherSpellingIsTheSamePerson(_ name: String) throws {
        let twin = try office.admin.issueToken(role: "senior", name: name)
        let ticket = try office.openChannel()
        try office.must("answers", ticket, office.rightAnswers(), by: twin)
        expectProblem(try office.step("approval", ticket, by: office.senior), 409, "same_person")
    }

    /// The second telephone is known to nobody before it connects.
    @Test func isOpenedForADeviceThatIsNotKnownYet() throws {
        let device = Names.imei()
        let ticket = try office.openChannel("KazAndroid", #""imei":"\#(device)""#)
        #expect(try office.show(ticket, by: office.senior)["imei"].string == device)
    }

    @Test func approvesNothingOnAClosedAccount() throws {
        let ticket = try office.openChannel()
        try office.must("answers", ticket, office.rightAnswers())
        try office.admin.must(200, "POST", office.path + "/closure", #"{"note":"left"}"#)
        expectProblem(try office.step("approval", ticket, by: office.senior), 409, "account_closed")
    }

    @Test func aRefusedOpeningIsOnRecord() throws {
        _ = try office.openChannel()
        let body = #"{"kind":"multiple_channel_access","account":"\#(office.reference)","source":"phone","channel":"KazangMobi"}"#
        expectProblem(try office.desk.post("/v1/requests", body), 409, "request_open")
        let note = try #require(try office.notes("request_refused").first)
        #expect(note["actor"].string == "token:desk" && note["text"].string?.contains("request_open") == true)
    }

    /// While level 1 asks, no ticket of the account tells what the answers are, old ones included.
    @Test func noTicketTellsWhatIsAskedFor() throws {
        let old = try office.openChannel()
        try office.must("answers", old, office.rightAnswers())
        try office.must("refusal", old, by: office.senior)
        let device = try office.desk.must(201, "POST", "/v1/requests", #"{"kind":"locked_device","imei":"\#(office.imei)","source":"phone"}"#)
        _ = try office.openChannel("KazangMobi")
        let seen =
            try office.desk.get("/v1/requests/\(old)").text + office.desk.get("/v1/requests/\(device["ticket"].string ?? "")").text
            + office.desk.get("/v1/requests?state=all&account=\(office.reference)").text
        for secret in ["Vilakazi", "8001015009087", "800101 5009 087", "Dlamini", office.imei] {
            #expect(!seen.localizedCaseInsensitiveContains(secret), "\(secret)")
        }
        #expect(try office.show(old, by: office.senior)["answers"].array.allSatisfy { $0.has("stored") && $0.has("given") })
    }

    @Test func asksOnlyForWhatIsOnRecord() throws {
        let bare = Names.reference()
        try office.admin.addAccount(bare, number: "+27821234567")
        let opened = try office.desk.must(
            201, "POST", "/v1/requests",
            #"{"kind":"multiple_channel_access","account":"\#(bare)","source":"email","channel":"KazAndroid","email":"a@b.example"}"#)
        #expect(opened["asks"].array.compactMap(\.string) == ["name"])
    }

    @Test func noOneApprovesTheirOwn() throws {
        let byLevel1 = try office.openChannel()
        try office.must("answers", byLevel1, office.rightAnswers(), by: office.senior)
        expectProblem(try office.step("approval", byLevel1, by: office.senior), 409, "same_person")
        let refused = try #require(try office.notes("request_refused").first)
        #expect(refused["actor"].string == "token:senior" && refused["ticket"].string == byLevel1)
        #expect(refused["text"].string?.contains("same_person") == true)
        #expect(try office.channels == ["KazTimpaPro"])
        #expect(try office.must("approval", byLevel1, by: office.other)["outcome"].string == "approved")

        let opened = try office.ticket(
            office.open("multiple_channel_access", #""channel":"KazangMobi","email":"\#(RequestOffice.email)""#, by: office.senior))
        try office.must("answers", opened, office.rightAnswers())
        expectProblem(try office.step("approval", opened, by: office.senior), 409, "same_person")
        expectProblem(try office.step("approval", opened, by: office.desk), 403, "role_may_not")
    }

    @Test func refusesWhatHasChangedSinceLevel1Asked() throws {
        let ticket = try office.openChannel()
        try office.must("answers", ticket, office.rightAnswers())
        try office.admin.must(200, "PATCH", office.path, #"{"owner":{"id_number":"7501015009087"}}"#)
        let reply = try office.step("approval", ticket, by: office.senior)
        expectProblem(reply, 409, "answers_changed")
        #expect(try office.channels == ["KazTimpaPro"])
        #expect(try office.must("refusal", ticket, by: office.senior)["outcome"].string == "refused")
    }

    @Test func keepsTheLastChannelConnectedSelected() throws {
        // Connected on a channel that staff dropped since, with their reason.
        let office = try RequestOffice(channels: ["KazTimpaPro", "KazTimpaX"])
        let terminal = try TestTerminal.enrolled(office.admin, account: office.reference, on: "KazTimpaX")
        _ = try terminal.connect()
        try office.admin.must(
            200, "PUT", office.path + "/locked-channels", #"{"channels":["KazTimpaPro"],"ticket":"T-1","force_reason":"a test"}"#)
        let ticket = try office.openChannel("KazAndroid")
        try office.must("answers", ticket, office.rightAnswers())
        let approved = try office.must("approval", ticket, by: office.senior)
        #expect(try office.channels == ["KazTimpaPro", "KazTimpaX", "KazAndroid"])
        #expect(approved["entries"].array.last?["text"].string?.contains("Last channel connected: KazTimpaX with \(terminal.imei)") == true)
    }

    @Test func refusesADeviceOfAnotherAccount() throws {
        let other = Names.reference()
        let device = Names.imei()
        try office.admin.addAccount(other)
        try office.admin.addDevice(device, account: other)
        let body =
            #"{"kind":"multiple_channel_access","account":"\#(office.reference)","source":"phone","channel":"KazAndroid","imei":"\#(device)"}"#
        expectProblem(try office.desk.post("/v1/requests", body), 409, "registered_to_another_account")
    }

    @Test(arguments: [
        (#""channel":"KazAndroid","email":"a@b.example""#, 201, ""), (#""channel":"Nokia3310","email":"a@b.example""#, 400, "unknown_channel"),
        (#""email":"a@b.example""#, 400, "invalid_request"), (#""channel":"KazAndroid""#, 400, "invalid_request"),
        (#""channel":"KazAndroid","email":"nobody""#, 400, "invalid_request"),
        (#""channel":"KazTimpaPro","email":"a@b.example""#, 409, "channel_open"),
    ])
    func namesWhatIsWrong(_ fields: String, _ status: Int, _ code: String) throws {
        let body = #"{"kind":"multiple_channel_access","account":"\#(office.reference)","source":"email",\#(fields)}"#
        let reply = try office.desk.post("/v1/requests", body)
        if code.isEmpty { #expect(reply.status == status) } else { expectProblem(reply, status, code) }
    }

    @Test func isOpenOnceAtATime() throws {
        let ticket = try office.openChannel()
        let reply = try office.desk.post(
            "/v1/requests",
            #"{"kind":"multiple_channel_access","account":"\#(office.reference)","source":"email","channel":"KazangMobi","email":"a@b.example"}"#)
        expectProblem(reply, 409, "request_open")
        #expect(reply.text.contains(ticket))
        #expect(try office.must("withdrawal", ticket)["outcome"].string == "withdrawn")
        _ = try office.openChannel("KazangMobi")
    }

    /// The message goes in the vendor's language.
    @Test func tellsTheVendorInTheirLanguage() throws {
        let office = try RequestOffice(language: "zu")
        _ = try office.openChannel()
        try office.graph.waitFor(count: 1)
        guard case .template(_, let language, _) = try #require(office.graph.sent(to: RequestOffice.number).first).content else {
            throw Failure("no template")
        }
        #expect(language.hasPrefix("zu"))
    }
}
