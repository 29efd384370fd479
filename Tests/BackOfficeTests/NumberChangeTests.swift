import TestSupport
import Testing
import Wire

@Suite struct NumberChangeTests {
    private static let old = NumberOffice.sender(NumberOffice.old)
    private static let new = NumberOffice.sender(NumberOffice.new)

    @Test func bothNumbersLockForADayThenOnlyTheNewOne() throws {
        let office = try NumberOffice()
        let id = try office.request()
        #expect(try !office.locks(Self.new), "a request changes nothing")
        let change = try office.decide("approval", id)
        #expect(change.status == 200 && change.json["state"].string == "approved", "\(change.text)")
        let until = office.clock.now.adding(.seconds(24 * 3600)).description
        #expect(change.json["cooling_until"].string == until)
        let account = try office.account
        #expect(account["linked_number"].string == NumberOffice.new)
        #expect(account["previous_number"]["number"].string == NumberOffice.old && account["previous_number"]["until"].string == until)
        #expect(try office.locks(Self.new) && office.locks(Self.old))
        office.clock.advance(by: .seconds(24 * 3600) - .milliseconds(1))
        #expect(try office.locks(Self.old))
        office.clock.advance(by: .milliseconds(1))
        #expect(try !office.locks(Self.old))
        #expect(try office.locks(Self.new))
        #expect(try !office.account.has("previous_number"))
    }

    @Test func tellsBothNumbers() throws {
        let office = try NumberOffice()
        try office.change()
        try office.graph.waitFor(count: 3)
        let told = office.graph.sent
        // The two numbers have a lane each: only what goes to one of them has an order.
        #expect(told.first { "+" + $0.to == NumberOffice.old }?.template == "vendlock_number_change_asked", "while it can object")
        let toOld = try #require(told.last { "+" + $0.to == NumberOffice.old })
        let toNew = try #require(told.first { "+" + $0.to == NumberOffice.new })
        #expect(toOld.template == "vendlock_number_change_old" && toOld.parameters.first == "…4567")
        #expect(toNew.template == "vendlock_number_change_new" && toNew.parameters == ["…" + office.reference.suffix(4)])
        #expect(told.count == 3 && office.graph.violations.isEmpty)
        let listed = try office.admin.must(200, "GET", "/v1/messages")["messages"].array.filter { $0["account"].string == office.reference }
        #expect(listed.count == 3 && listed.prefix(2).allSatisfy { $0["what"].string?.hasPrefix("number change notice to ") == true })
        #expect(try office.outgoing().compactMap { $0["number"].integer } == listed.compactMap { $0["number"].integer })
    }

    /// A message of the vendor's less than a day ago: free text goes, and names the end of the cooling-off.
    @Test func tellsTheOldNumberUntilWhenItLocks() throws {
        let office = try NumberOffice()
        try office.receive(.text("good morning", from: Self.old))
        try office.change()
        try office.graph.waitFor(count: 3)
        let body = try #require(office.graph.sent(to: NumberOffice.old).last?.body)
        #expect(body.contains("…4567") && body.contains("can still lock"))
    }

    @Test func takesASecondPerson() throws {
        let office = try NumberOffice()
        let id = try office.request(by: office.senior)
        expectProblem(try office.decide("approval", id, by: office.senior), 409, "same_person")
        #expect(try office.account["linked_number"].string == NumberOffice.old)
        let note = try #require(try office.notes("number_change_refused").first)
        #expect(note["actor"].string == "token:senior" && note["role"].string == "senior")
        #expect(note["via"].string == "api" && note["source_address"].string == "127.0.0.1")
        #expect(note["text"].string?.contains(id) == true && note["text"].string?.contains("same_person") == true)
        #expect(try office.decide("approval", id, by: office.admin).json["decided_by"].string == "token:admin")
        #expect(try office.account["linked_number"].string == NumberOffice.new)
    }

    @Test func keepsEachStepOnTheRecord() throws {
        let office = try NumberOffice()
        let first = try office.request()
        #expect(try office.decide("refusal", first).json["state"].string == "declined")
        let second = try office.change()
        #expect(try office.decide("cancellation", second, by: office.admin).json["state"].string == "cancelled")
        let steps = [
            ("number_change_requested", "token:desk", "call_centre", [second, NumberOffice.old, NumberOffice.new, "lost the SIM card"]),
            ("number_change_declined", "token:senior", "senior", [first, "asked the vendor", "token:desk"]),
            (
                "number_changed", "token:senior", "senior",
                [second, NumberOffice.old, NumberOffice.new, "token:desk", "token:senior", "asked the vendor"]
            ), ("number_change_cancelled", "token:admin", "admin", [second, NumberOffice.old, NumberOffice.new, "asked the vendor"]),
        ]
        for (kind, actor, role, parts) in steps {
            let note = try #require(try office.notes(kind).first, "\(kind)")
            #expect(note["actor"].string == actor && note["role"].string == role && note["via"].string == "api", "\(kind)")
            #expect(note["source_address"].string == "127.0.0.1", "\(kind)")
            for part in parts { #expect(note["text"].string?.contains(part) == true, "\(kind): \(note["text"])") }
        }
    }

    @Test func decidesOnce() throws {
        let office = try NumberOffice()
        let declined = try office.request()
        expectProblem(try office.decide("cancellation", declined), 409, "number_change_not_approved")
        #expect(try office.decide("refusal", declined).status == 200)
        for word in ["approval", "refusal"] { expectProblem(try office.decide(word, declined), 409, "number_change_decided") }
        expectProblem(try office.decide("cancellation", declined), 409, "number_change_not_approved")
        #expect(try office.account["linked_number"].string == NumberOffice.old)
        let approved = try office.change()
        for word in ["approval", "refusal"] { expectProblem(try office.decide(word, approved), 409, "number_change_decided") }
        #expect(try office.decide("cancellation", approved).status == 200)
        expectProblem(try office.decide("cancellation", approved), 409, "number_change_not_approved")
        #expect(try office.notes("number_change_refused").count == 7, "each is on the record")
    }

    @Test func takesOneRequestAtATimeAndOnlyForAnotherNumber() throws {
        let office = try NumberOffice()
        for same in [NumberOffice.old, "071 123 4567", "27711234567"] {
            expectProblem(try office.desk.post(office.path + "/number-changes", NumberOffice.body(to: same)), 409, "same_number")
        }
        let first = try office.request()
        let again = try office.desk.post(office.path + "/number-changes", NumberOffice.body(to: "+27821234568"))
        expectProblem(again, 409, "number_change_open")
        #expect(again.json["detail"].string?.contains(first) == true)
        #expect(try office.decide("refusal", first).status == 200)
        let second = try office.request(to: "+27821234568")
        let list = try office.admin.must(200, "GET", office.path + "/number-changes")["number_changes"].array
        #expect(list.map { $0["id"].string } == [second, first] && list.map { $0["state"].string } == ["requested", "declined"])
        #expect(list.allSatisfy { !$0.has("evidence") })
    }

    @Test(arguments: ["", "  ", "082 12", "+27 call me"]) func refusesWhatIsNoNumber(_ number: String) throws {
        let office = try NumberOffice()
        expectProblem(try office.desk.post(office.path + "/number-changes", NumberOffice.body(to: number)), 400, "invalid_number")
    }

    @Test func refusesARequestThatTheAccountHasOutrun() throws {
        let office = try NumberOffice(number: nil)
        let id = try office.request()
        try office.senior.must(200, "PATCH", office.path, #"{"linked_number":"+27711234560"}"#)
        expectProblem(try office.decide("approval", id), 409, "number_changed_meanwhile")
        #expect(try office.account["linked_number"].string == "+27711234560")
        #expect(try office.decide("refusal", id).status == 200)
    }

    @Test func linksANumberWhereThereWasNone() throws {
        let office = try NumberOffice(number: nil)
        let id = try office.change()
        #expect(try office.locks(Self.new))
        #expect(try !office.account.has("previous_number"))
        try office.graph.waitFor(count: 1)
        #expect(try office.outgoing().allSatisfy { $0["what"].string?.contains("27711234567") == false })
        #expect(try office.decide("cancellation", id).status == 200)
        #expect(try !office.account.has("linked_number") && !office.locks(Self.new))
    }

    @Test(arguments: ["approval", "refusal", "cancellation"]) func wantsANoteAndARequestOfThisAccount(_ word: String) throws {
        let office = try NumberOffice()
        let id = try office.request()
        let path = office.path + "/number-changes/\(id)/\(word)"
        for body in [#"{"note":" "}"#, #"{"note":"\#(String(repeating: "n", count: 501))"}"#] {
            expectProblem(try office.senior.post(path, body), 400, "text_required")
        }
        #expect(try office.senior.post(path, "{}").status == 400)
        expectProblem(try office.decide(word, "num_none"), 404, "number_change_not_found")
        let other = Names.reference()
        try office.admin.addAccount(other)
        expectProblem(
            try office.senior.post("/v1/accounts/\(other)/number-changes/\(id)/\(word)", #"{"note":"n"}"#), 404, "number_change_not_found")
        expectProblem(try office.admin.get("/v1/accounts/\(other)/number-changes/\(id)"), 404, "number_change_not_found")
        expectProblem(try office.senior.post("/v1/accounts/NONE-1/number-changes/\(id)/\(word)", #"{"note":"n"}"#), 404, "account_not_found")
        #expect(try office.admin.must(200, "GET", office.path + "/number-changes/\(id)")["state"].string == "requested")
    }

    @Test(arguments: ["call_centre", "senior", "field_agent", "auditor", "switch", "admin"]) func mayDoWhatTheRoleMay(_ role: String) throws {
        let office = try NumberOffice()
        let caller = try office.admin.issueToken(role: role, name: "other-\(role)")
        let desk = ["call_centre", "senior", "admin"].contains(role)
        let decides = ["senior", "admin"].contains(role)
        let id = try office.request()
        func expect(_ may: Bool, _ reply: Reply, _ what: String) { #expect((reply.status != 403) == may, "\(what): \(reply.text)") }
        for word in ["cancellation", "approval", "refusal"] { expect(decides, try office.decide(word, id, by: caller), word) }
        expect(desk, try caller.post(office.path + "/number-changes", NumberOffice.body(to: "+27821234568")), "request")
        expect(decides, try caller.delete(office.path + "/linked-number/suspension", #"{"note":"n"}"#), "confirm")
        for path in ["", "/\(id)", "/\(id)/evidence/change_notice"] {
            expect(role != "switch", try caller.get(office.path + "/number-changes" + path), path)
        }
        #expect(try office.account["linked_number"].string == (decides ? NumberOffice.new : NumberOffice.old))
    }
}
