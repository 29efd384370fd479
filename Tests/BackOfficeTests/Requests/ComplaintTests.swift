import Testing
import TestSupport

/// Complaints about transactions and refunds, and enquiries that are still to be sorted.
@Suite struct ComplaintTests {
    private let office: RequestOffice

    init() throws { office = try RequestOffice() }

    private func complain(_ more: String = "") throws -> String {
        try office.ticket(
            office.open("complaint", #""text":"R 50 airtime did not arrive","transaction":"TX-77","amount_cents":5000\#(more)"#, source: "whatsapp"))
    }

    @Test(arguments: ["settled", "rejected"])
    func isAnsweredByTheDesk(_ outcome: String) throws {
        let ticket = try complain()
        let closed = try office.must("proposal", ticket, #"{"outcome":"\#(outcome)","text":"the network was late"}"#)
        #expect(closed["outcome"].string == outcome && closed["answer_text"].string == "the network was late")
        #expect(try office.told(2) == ["complaint_received", "complaint_\(outcome)"])
    }

    @Test func moneyBackTakesASeniorWhoIsSomebodyElse() throws {
        let ticket = try complain()
        #expect(
            try office.must("proposal", ticket, #"{"outcome":"refunded","text":"never delivered"}"#, by: office.senior)["step"].string == "level_2")
        expectProblem(try office.step("approval", ticket, by: office.senior), 409, "same_person")
        #expect(try office.must("refusal", ticket, by: office.other)["step"].string == "investigation")
        try office.must("proposal", ticket, #"{"outcome":"refunded","text":"never delivered","amount_cents":4550}"#)
        #expect(try office.must("approval", ticket, by: office.senior)["outcome"].string == "refunded")
        try office.graph.waitFor(count: 2)
        let told = try #require(office.graph.sent(to: RequestOffice.number).last)
        #expect(told.template == "vendlock_complaint_refunded" && told.parameters == [ticket, "45.50"])
    }

    @Test func alertsOnceWhenItWaitsTooLong() throws {
        let ticket = try complain()
        try office.pass(.seconds(3 * 86_400))
        try office.pass(.seconds(86_400))
        #expect(try office.show(ticket)["overdue"].bool == true)
        #expect(try office.admin.metric(#"vendlock_alerts_total{kind="request_overdue"}"#) == 1)
        #expect(try office.admin.must(200, "GET", "/v1/requests?overdue=true")["requests"].array.compactMap { $0["ticket"].string } == [ticket])
    }

    @Test(arguments: [
        #"{"outcome":"approved","text":"t"}"#, #"{"outcome":"settled","text":" "}"#, #"{"outcome":"refunded","text":"t","amount_cents":0}"#,
        #"{"outcome":"gone","text":"t"}"#,
    ])
    func refusesAProposalThatMakesNoSense(_ body: String) throws {
        let ticket = try complain()
        #expect(try office.step("proposal", ticket, body).status == 400)
        #expect(try office.show(ticket)["step"].string == "investigation")
    }

    @Test func anEnquiryIsSortedAndKeepsItsTicket() throws {
        let enquiry = try office.desk.must(
            201, "POST", "/v1/requests", #"{"kind":"enquiry","source":"email","text":"please open the app for me","email":"\#(RequestOffice.email)"}"#
        )
        let ticket = try office.ticket(enquiry)
        #expect(enquiry["step"].string == "sorting" && !enquiry.has("account"))
        let note = try #require(try office.admin.must(200, "GET", "/v1/notes")["notes"].array.first { $0["ticket"].string == ticket })
        #expect(note["kind"].string == "request_opening", "without an account it is on the office's own record")
        expectProblem(try office.step("sorting", ticket, #"{"kind":"multiple_channel_access","channel":"KazAndroid"}"#), 400, "invalid_request")
        let sorted = try office.must(
            "sorting", ticket, #"{"kind":"multiple_channel_access","account":"\#(office.reference)","channel":"KazAndroid"}"#)
        #expect(sorted["ticket"].string == ticket && sorted["kind"].string == "multiple_channel_access" && sorted["step"].string == "level_1")
        #expect(try office.told(1) == ["request_opened"])
    }

    @Test(arguments: ["enquiry", "linked_number_change"])
    func isNotSortedAs(_ kind: String) throws {
        let ticket = try office.ticket(office.open("enquiry", #""text":"hello""#))
        expectProblem(try office.step("sorting", ticket, #"{"kind":"\#(kind)","account":"\#(office.reference)"}"#), 400, "invalid_request")
    }

    /// An e-mail on a request that does not wait for one is news, until somebody acts.
    @Test func newsStandsUntilSomebodyActs() throws {
        let ticket = try complain()
        #expect(try office.must("emails", ticket, #"{"from":"\#(RequestOffice.email)","text":"any news?"}"#)["has_news"].bool == true)
        #expect(try office.must("comments", ticket, #"{"text":"asked the network"}"#)["has_news"].bool == true)
        #expect(try office.admin.must(200, "GET", "/v1/requests?news=true")["requests"].array.count == 1)
        #expect(try office.must("proposal", ticket, #"{"outcome":"settled","text":"paid"}"#)["has_news"].bool == false)
    }
}
