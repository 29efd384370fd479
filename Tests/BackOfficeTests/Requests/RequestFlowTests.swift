import Store
import Testing
import TestSupport
import Wire

@testable import BackOffice

/// The table of steps: sound by itself, shown as it is, and the only way through.
@Suite struct RequestFlowTests {
    @Test(arguments: RequestKind.allCases)
    func everyStepIsReachedAndLeadsToTheEnd(_ kind: RequestKind) {
        let flow = Flow.of(kind)
        #expect(flow.kind == kind)
        var reached = Set(flow.opens)
        var grew = true
        while grew {
            let next = reached.union(reached.flatMap { step in flow.moves(from: step).flatMap(\.to) })
            grew = next != reached
            reached = next
        }
        // An enquiry becomes another kind with the step at which that begins.
        if kind != .enquiry { #expect(reached.intersection(flow.steps) == Set(flow.steps)) }
        for step in flow.steps where step != .closed {
            var ahead: Set<RequestStep> = [step]
            for _ in RequestStep.allCases { ahead.formUnion(ahead.flatMap { flow.moves(from: $0).flatMap(\.to) }) }
            #expect(ahead.contains(.closed), "\(step)")
        }
    }

    /// Level 1 and level 2 are never one person: each approval takes a second one, and a senior.
    @Test(arguments: RequestKind.allCases)
    func everyApprovalTakesASecondPersonAndASenior(_ kind: RequestKind) {
        for move in Flow.of(kind).moves where move.action == .approval {
            #expect(move.takesSecondPerson && move.roles == [.senior, .admin])
        }
    }

    @Test func isShownAsItDecides() throws {
        let kinds = try Shared.api.must(200, "GET", "/v1/request-kinds")["kinds"].array
        #expect(kinds.compactMap { $0["kind"].string } == RequestKind.allCases.map(\.rawValue))
        let access = try #require(kinds.first)
        let level2 = try #require(access["steps"].array.first { $0["step"].string == "level_2" })
        #expect(level2["waiting_for"].string == "senior")
        let approval = try #require(level2["moves"].array.first { $0["action"].string == "approval" })
        #expect(approval["takes_second_person"].bool == true && approval["roles"].array.compactMap(\.string) == ["senior", "admin"])
    }

    /// Each step of each kind with an action that has no place there: refused, noted, nothing moved.
    @Test func aStepOutOfOrderChangesNothing() throws {
        let office = try RequestOffice()
        try office.admin.lock(office.reference, kind: "vendor")
        let bodies = [
            "answers": office.rightAnswers(), "approval": #"{"note":"n"}"#, "refusal": #"{"note":"n"}"#, "codes": #"{"code":"1"}"#,
            "attempts": #"{"opened":true}"#, "letters": "{}", "giving-up": #"{"note":"n"}"#,
            "proposal": #"{"outcome":"settled","text":"t"}"#, "terminals": #"{"terminals":[{"imei":"\#(office.imei)","fate":"recovered"}]}"#,
            "sorting": #"{"kind":"complaint"}"#,
        ]
        let open: [(kind: String, fields: String, right: Set<String>)] = [
            ("multiple_channel_access", #""channel":"KazAndroid","email":"\#(RequestOffice.email)""#, ["answers"]),
            ("unlock_after_theft", "", ["answers"]), ("locked_device", #""imei":"\#(office.imei)""#, ["letters", "giving-up"]),
            ("geolocation_visit", "", []), ("complaint", #""text":"t""#, ["proposal"]), ("enquiry", #""text":"t""#, ["sorting"]),
        ]
        for (kind, fields, right) in open {
            let ticket = try office.ticket(office.open(kind, fields))
            let before = try office.show(ticket, by: office.admin)
            for (word, body) in bodies where !right.contains(word) {
                expectProblem(try office.step(word, ticket, body, by: office.admin), 409, "step_out_of_order")
            }
            #expect(try office.show(ticket, by: office.admin) == before, "\(kind)")
            #expect(try office.notes("request_refused").filter { $0["ticket"].string == ticket }.count == bodies.count - right.count)
        }
    }

    @Test(arguments: ["auditor", "switch", "field_agent"])
    func aRoleThatMayNotOpensNothing(_ role: String) throws {
        let office = try RequestOffice()
        let caller = try office.admin.issueToken(role: role, name: role)
        let ticket = try office.openChannel()
        expectProblem(try office.step("answers", ticket, office.rightAnswers(), by: caller), 403, "role_may_not")
        #expect(try office.show(ticket)["step"].string == "level_1")
    }

    @Test(arguments: [("VL-999999", 404, "request_not_found"), ("VL-", 400, "invalid_ticket"), ("nonsense", 400, "invalid_ticket")])
    func namesATicketThatIsNone(_ ticket: String, _ status: Int, _ code: String) throws {
        expectProblem(try Shared.api.get("/v1/requests/\(ticket)"), status, code)
    }

    @Test func listsByWhatIsAskedFor() throws {
        let office = try RequestOffice()
        let first = try office.openChannel()
        let second = try office.ticket(office.open("complaint", #""text":"t""#))
        try office.must("withdrawal", first)
        func list(_ query: String) throws -> [String] {
            try office.admin.must(200, "GET", "/v1/requests" + query)["requests"].array.compactMap { $0["ticket"].string }
        }
        #expect(try list("") == [second] && list("?state=closed") == [first] && list("?state=all") == [second, first])
        #expect(try list("?kind=complaint&account=\(office.reference)&step=investigation") == [second])
        #expect(try list("?state=all&limit=1") == [second])
        #expect(try list("?state=all&after=\(second.dropFirst(3))") == [first])
        for query in ["?kind=nonsense", "?step=x", "?state=x", "?overdue=perhaps"] {
            expectProblem(try office.admin.get("/v1/requests" + query), 400, "invalid_query")
        }
    }
}
