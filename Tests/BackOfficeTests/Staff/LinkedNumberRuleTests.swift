import TestSupport
import Testing
import Wire

/// Nobody alone both links a number and unlocks.
@Suite struct LinkedNumberRuleTests {
    private static func release(_ office: NumberOffice, _ kind: String, by caller: API) throws -> Reply {
        let hold = try office.admin.lock(office.reference, kind: kind)
        let reply = try caller.delete(office.path + "/holds/\(hold)", #"{"note":"asked the vendor"}"#)
        if reply.status != 200 {
            let third = try office.admin.issueToken(role: "senior", name: "third-\(hold.suffix(8))")
            try third.release(hold, of: office.reference)
        }
        return reply
    }

    @Test(arguments: ["vendor", "fraud"]) func whoHadPartInTheChangeDoesNotUnlock(_ kind: String) throws {
        let office = try NumberOffice()
        let id = try office.request(by: office.admin)
        #expect(try office.decide("approval", id).status == 200)
        for caller in [office.admin, office.senior] {
            let reply = try Self.release(office, kind, by: caller)
            expectProblem(reply, 409, "same_person_linked_number")
            #expect(reply.json["detail"].string?.contains(id) == true)
        }
        let refused = try office.notes("hold_release_refused")
        #expect(refused.map { $0["actor"].string } == ["token:senior", "token:admin"])
        let third = try office.admin.issueToken(role: "senior", name: "third")
        #expect(try Self.release(office, kind, by: third).status == 200)
        // A hold of staff is not the vendor's.
        #expect(try Self.release(office, "staff", by: office.senior).status == 200)
        office.clock.advance(by: .seconds(7 * 24 * 3600) - .milliseconds(1))
        #expect(try Self.release(office, kind, by: office.senior).status == 409)
        office.clock.advance(by: .milliseconds(1))
        #expect(try Self.release(office, kind, by: office.senior).status == 200)
    }

    @Test func aRequestThatLinkedNothingHindersNobody() throws {
        let office = try NumberOffice()
        let declined = try office.request(by: office.admin)
        #expect(try Self.release(office, "vendor", by: office.admin).status == 200, "only requested")
        #expect(try office.decide("refusal", declined).status == 200)
        for caller in [office.admin, office.senior] { #expect(try Self.release(office, "vendor", by: caller).status == 200) }
    }

    @Test func aCancelledChangeCounts() throws {
        let office = try NumberOffice()
        let id = try office.request(by: office.admin)
        _ = try office.decide("approval", id)
        #expect(try office.decide("cancellation", id).status == 200)
        #expect(try Self.release(office, "vendor", by: office.admin).status == 409)
    }

    /// The first number of an account takes no request, and is linked all the same.
    @Test func whoLinksAFirstNumberDoesNotUnlock() throws {
        let office = try NumberOffice(number: nil)
        try office.senior.must(200, "PATCH", office.path, #"{"language":"zu"}"#)
        #expect(try Self.release(office, "vendor", by: office.senior).status == 200)
        try office.senior.must(200, "PATCH", office.path, #"{"linked_number":"+27711234560"}"#)
        #expect(try Self.release(office, "vendor", by: office.admin).status == 200)
        // However many notes are written upon it.
        for number in 0..<210 { try office.admin.must(201, "POST", office.path + "/notes", #"{"text":"note \#(number)"}"#) }
        expectProblem(try Self.release(office, "vendor", by: office.senior), 409, "same_person_linked_number")
        office.clock.advance(by: .seconds(7 * 24 * 3600))
        #expect(try Self.release(office, "vendor", by: office.senior).status == 200)
    }

    /// A token is the person it is named after, signed in or not.
    @Test func aTokenAndASessionOfOneNameAreOnePerson() throws {
        let staff = try StaffOffice()
        let reference = Names.reference()
        try staff.admin.addAccount(reference, number: NumberOffice.old)
        let member = try staff.settled("sizwe", "senior")
        let token = try staff.admin.issueToken(role: "senior", name: "sizwe")
        let path = "/v1/accounts/\(reference)"
        let id = try token.must(201, "POST", path + "/number-changes", NumberOffice.body(to: NumberOffice.new))["id"].string ?? ""
        expectProblem(try member.call("POST", path + "/number-changes/\(id)/approval", #"{"note":"n"}"#), 409, "same_person")
        try staff.admin.must(200, "POST", path + "/number-changes/\(id)/approval", #"{"note":"n"}"#)
        let hold = try staff.admin.lock(reference, kind: "vendor")
        expectProblem(try member.call("DELETE", path + "/holds/\(hold)", #"{"note":"n"}"#), 409, "same_person_linked_number")
        #expect(try staff.settled("lerato", "senior").call("DELETE", path + "/holds/\(hold)", #"{"note":"n"}"#).status == 200)
    }
}
