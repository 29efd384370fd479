import Store
import Synchronization
import TestSupport
import Testing
import Wire

@testable import BackOffice

@Suite struct VisitTests {
    private let server: InProcess
    private let terminal: TestTerminal
    private let agent = Actor(name: "user:sipho", role: .fieldAgent, via: "api", address: "10.0.0.9")
    private let account: AccountReference
    private var api: API { server.api }
    private var imei: IMEI { get throws { try IMEI(terminal.imei) } }

    init() throws {
        server = try InProcess()
        account = try AccountReference("ACC-VISIT")
        try server.api.addAccount("ACC-VISIT")
        terminal = try TestTerminal.enrolled(server.api, account: "ACC-VISIT")
        try terminal.connect(now: server.clock.now.unixSeconds)
    }

    private func begin(
        _ phone: Position = Position(lat: -26.2678, lon: 27.8585, accuracy_m: 12), note: String? = nil, on other: IMEI? = nil
    ) throws -> VisitRecord {
        let imei = try other ?? imei
        let now = server.clock.now
        return try server.store.write { [visits = server.backOffice.visits, account, agent] writer in
            try visits.begin(
                ticket: TicketNumber(number: 4711), account: account, imei: imei, phone: phone, note: note, by: agent, now: now, in: writer)
        }
    }

    private func answer(_ sequence: Int64, to visit: VisitRecord, lat: Double = -26.2679, accuracy: Double = 20) throws {
        let fields =
            #""lat":\#(lat),"lon":27.8585,"accuracy_m":\#(accuracy),"source":"gpsd","fixed_at":"\#(server.clock.now)","command":"\#(visit.requestID)""#
        #expect(try terminal.eventsReply([TestTerminal.event(sequence, "location", fields)]).json["acknowledged"].integer == sequence)
    }

    private func visit(_ id: String) throws -> VisitRecord { try #require(try server.store.read { try $0.visit(id) }) }

    private func notes(_ kind: String) throws -> [JSONValue] {
        try api.get("/v1/accounts/ACC-VISIT/notes").json["notes"].array.filter { $0["kind"].string == kind }
    }

    @Test func asksTheTerminalAndComparesWhatItSays() throws {
        let begun = try begin(note: " moved to the corner shop ")
        #expect(begun.state == .waiting && begun.by == "user:sipho" && begun.role == .fieldAgent && begun.note == "moved to the corner shop")
        #expect(try terminal.poll(after: nil).cmds?.map(\.id) == [begun.requestID])
        server.clock.advance(by: .seconds(20))
        try answer(1, to: begun)
        let settled = try visit(begun.id)
        #expect(settled.state == .satisfied && settled.settledAt == server.clock.now)
        #expect(settled.device == Position(lat: -26.2679, lon: 27.8585, accuracy_m: 20, fixed_at: server.clock.now, source: "gpsd"))
        #expect(try abs(#require(settled.distanceMetres) - 11.1195) < 0.01)
        #expect(settled.addressDistanceMetres == nil)
        let address = try #require(try server.store.read { try $0.addressPosition(of: account) })
        #expect(address.position == begun.phone && address.visit == begun.id && address.at == begun.at)
        let listed = try api.get("/v1/visits?account=ACC-VISIT").json["visits"]
        #expect(listed.array.count == 1 && listed[0]["state"].string == "satisfied" && listed[0]["ticket"].string == "VL-4711")
        #expect(listed[0]["phone"]["source"].string == "phone" && listed[0]["device"]["source"].string == "gpsd")
        let described = try api.get("/openapi.json").json["components"]["schemas"]["VisitList"]["properties"]["visits"]["items"]
        #expect(Set(listed[0].keys).isSubset(of: described["properties"].keys) && Set(described["required"].strings).isSubset(of: listed[0].keys))
        #expect(described["properties"].keys.count == 14)
        try answer(2, to: begun)
        #expect(try visit(begun.id) == settled, "the question was answered")
    }

    @Test func leavesItAllInTheNotes() throws {
        let begun = try begin(note: "at the counter")
        try answer(1, to: begun)
        let start = try #require(try notes("visit_begun").first)
        #expect(start["actor"].string == "user:sipho" && start["role"].string == "field_agent" && start["ticket"].string == "VL-4711")
        #expect(start["text"].string?.contains("-26.2678, 27.8585 (within 12 m)") == true)
        #expect(start["text"].string?.contains("at the counter") == true)
        let end = try #require(try notes("visit_settled").first)
        let text = try #require(end["text"].string)
        for part in [
            begun.id, "user:sipho", "\(begun.at)", terminal.imei, "satisfied", "-26.2678, 27.8585 (within 12 m)", "-26.2679, 27.8585 (within 20 m)",
            "11 m apart; 232 m at most", "No earlier position",
        ] { #expect(text.contains(part), "\(part) in: \(text)") }
        #expect(end["ticket"].string == "VL-4711")
        // The shop moves 3 km, as measured on the ground; the next visit says so.
        let moved = try begin(Position(lat: -26.2948, lon: 27.8585, accuracy_m: 8))
        try answer(2, to: moved, lat: -26.2948)
        #expect(try abs(#require(visit(moved.id).addressDistanceMetres) - 3002.3) < 0.1)
        #expect(try notes("visit_settled").first?["text"].string?.contains("3002 m from the address's last known position") == true)
    }

    @Test func isNotSatisfiedByATerminalElsewhere() throws {
        let begun = try begin()
        try answer(1, to: begun, lat: -26.3)
        #expect(try visit(begun.id).state == .notSatisfied)
        #expect(try server.store.read { try $0.addressPosition(of: account) } == nil, "only what agrees is an address")
    }

    @Test(arguments: [
        (#""why":"no_gpsd""#, VisitRecord.State.noFix), (#""lat":-26.2678"#, .noFix), (#""lat":900,"lon":27.8585,"accuracy_m":5"#, .noFix),
        (#""lat":-26.2678,"lon":27.8585,"accuracy_m":5"#, .stale), (#""lat":-26.2678,"lon":27.8585,"fixed_at":"NOW""#, .tooCoarse),
        (#""lat":-26.2678,"lon":27.8585,"accuracy_m":1e300,"fixed_at":"NOW""#, .tooCoarse),
        (#""lat":-26.2678,"lon":27.8585,"accuracy_m":5,"fixed_at":"2007-05-10T12:00:00Z""#, .stale),
    ])
    func decidesNothingByWhatSaysNothing(_ fields: String, _ state: VisitRecord.State) throws {
        let begun = try begin()
        let fields = fields.replacing("NOW", with: "\(server.clock.now)") + #","command":"\#(begun.requestID)""#
        #expect(try terminal.eventsReply([TestTerminal.event(1, "location", fields)]).status == 200)
        #expect(try visit(begun.id).state == state)
        #expect(try notes("visit_settled").first?["text"].string?.contains("nothing decided") == true)
        if fields.contains("no_gpsd") { #expect(try notes("visit_settled").first?["text"].string?.contains("(no_gpsd)") == true) }
        #expect(try api.get("/v1/visits").json["visits"][0]["state"].string == state.rawValue)
        #expect(try terminal.poll(after: nil).cmds == nil)
    }

    @Test func endsWithoutAnAnswerAfterAnHour() throws {
        // The office asked before; the visit gives the question its whole hour again.
        _ = try api.must(202, "POST", "/v1/devices/\(terminal.imei)/location-requests")
        server.clock.advance(by: .seconds(3000))
        let begun = try begin()
        server.clock.advance(by: .seconds(3599))
        try server.backOffice.tick()
        #expect(try visit(begun.id).state == .waiting)
        try terminal.connect(now: server.clock.now.unixSeconds)
        #expect(try terminal.poll(after: nil).cmds?.map(\.id) == [begun.requestID])
        server.clock.advance(by: .seconds(1))
        try server.backOffice.tick()
        #expect(try visit(begun.id).state == .noAnswer)
        #expect(try notes("visit_settled").count == 1)
        // Its answer comes too late.
        try answer(1, to: begun)
        #expect(try visit(begun.id).state == .noAnswer)
    }

    @Test func settlesEachVisitThatWaitsForTheAnswer() throws {
        let far = try begin(Position(lat: -26.5, lon: 27.8585, accuracy_m: 12))
        let near = try begin()
        #expect(far.requestID == near.requestID)
        try answer(1, to: near)
        #expect(try visit(far.id).state == .notSatisfied)
        #expect(try visit(near.id).state == .satisfied)
    }

    @Test func takesNoTerminalOfAnotherAccount() throws {
        try api.addAccount("ACC-ELSEWHERE")
        let other = try TestTerminal.enrolled(api, account: "ACC-ELSEWHERE")
        let refused = #expect(throws: Problem.self) { try begin(on: IMEI(other.imei)) }
        #expect(refused?.code == "device_of_other_account")
        #expect(try api.get("/v1/visits").json["visits"] == .array([]))
        #expect(try other.connect(now: server.clock.now.unixSeconds).cmds == nil)
    }

    @Test func refusesATelephoneThatIsNowhere() throws {
        #expect(throws: Problem.self) { try begin(Position(lat: 91, lon: 0, accuracy_m: 5)) }
        #expect(throws: Problem.self) { try begin(Position(lat: 1, lon: 0)) }
        #expect(throws: Problem.self) { try begin(note: String(repeating: "x", count: 501)) }
        #expect(try notes("visit_begun").isEmpty)
        #expect(try terminal.poll(after: nil).cmds == nil)
    }

    @Test func tellsWhoeverWaitsForItInTheSameTransaction() throws {
        let heard = Mutex<[VisitRecord]>([])
        let begun = try begin()
        let now = server.clock.now
        struct Refused: Error {}
        let imei = try imei
        var event = TerminalEvent(seq: 1, kind: .location, at: now, uptime_ms: 1)
        event.command = begun.requestID
        event.why = "no_fix"
        let requests = server.backOffice.locationRequests
        let refusing = Visits(environment: server.backOffice.environment, requests: requests) { _, _, _ in throw Refused() }
        #expect(throws: Refused.self) { try server.store.write { [event] in try refusing.settled(by: event, imei: imei, now: now, in: $0) } }
        #expect(try visit(begun.id).state == .waiting, "undone with what waited for it")
        let telling = Visits(environment: server.backOffice.environment, requests: requests) { visit, at, writer in
            let stored = try writer.visit(visit.id)
            #expect(stored == visit)
            #expect(at == visit.settledAt)
            heard.withLock { $0.append(visit) }
        }
        let settled = try server.store.write { [event] in try telling.settled(by: event, imei: imei, now: now, in: $0) }
        #expect(settled.map(\.state) == [.noFix] && heard.withLock { $0 } == settled)
        _ = try begin()
        server.clock.advance(by: .seconds(3600))
        try telling.tick()
        #expect(heard.withLock { $0.map(\.state) } == [.noFix, .noAnswer])
    }

    @Test func refusesAListThatItCannotGive() throws {
        expectProblem(try api.get("/v1/visits?account=ACC-NONE"), 404, "account_not_found")
        expectProblem(try api.get("/v1/visits?account=!"), 400, "invalid_reference")
        expectProblem(try api.get("/v1/visits?limit=0"), 400, "invalid_query")
    }
}
