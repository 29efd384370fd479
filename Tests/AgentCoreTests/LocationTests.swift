@testable import AgentCore
import Testing
import Wire

struct LocationTests {
    private static let fix = Fix(lat: -26.2678, lon: 27.8585, accuracy: 20.9, at: Timestamp(unixMilliseconds: 1_795_000_000_000))

    private func asking(_ rig: Rig, _ revision: Revision, _ id: String, kind: String = "geolocate", locked: Bool = false) -> LeaseClaims {
        var lease = rig.lease(revision, locked: locked)
        lease.cmds = [TerminalCommand(id: id, kind: kind)]
        return lease
    }

    private func answers(_ rig: Rig) -> [TerminalEvent] { rig.spooled.filter { $0.kind == "location" } }

    @Test func looksOnceForEachCommand() {
        var rig = Rig()
        rig.start()
        rig.answer(asking(rig, 5, "geo_1"))
        #expect(rig.searches == 1)
        rig.answer(asking(rig, 5, "geo_1"))
        rig.advance(.seconds(1))
        rig.receive(.located(Self.fix))
        rig.advance(.seconds(1))
        rig.answer(asking(rig, 6, "geo_1"))
        #expect(rig.searches == 1, "it stands in the leases until the answer has arrived")
        #expect(answers(rig).count == 1)
        rig.advance(.seconds(10))
        rig.answer(asking(rig, 7, "geo_2"))
        #expect(rig.searches == 2)
    }

    @Test func tellsWhereItIs() throws {
        var rig = Rig()
        rig.start()
        rig.answer(asking(rig, 5, "geo_1"))
        rig.receive(.located(Self.fix))
        let event = try #require(answers(rig).first)
        #expect(event.command == "geo_1" && event.lat == -26.2678 && event.lon == 27.8585 && event.accuracy_m == 20.9)
        #expect(event.fixed_at == Self.fix.at && event.source == "gpsd" && event.why == nil)
        rig.acknowledgeAll()
        rig.receive(.located(Self.fix))
        #expect(rig.terminal.spool.events.isEmpty, "nobody has asked")
    }

    @Test(arguments: [LocationFailure.noGPSD, .noFix]) func tellsWhyItDoesNotKnow(_ why: LocationFailure) throws {
        var rig = Rig()
        rig.start()
        rig.answer(asking(rig, 5, "geo_1"))
        rig.receive(.locationFailed(why))
        let event = try #require(answers(rig).first)
        #expect(event.command == "geo_1" && event.why == why.rawValue && event.lat == nil && event.lon == nil && event.fixed_at == nil)
        #expect(event.source == nil)
    }

    @Test func givesUpAfterAMinute() throws {
        var rig = Rig()
        rig.start()
        rig.answer(asking(rig, 5, "geo_1"))
        rig.advance(.milliseconds(59_999))
        #expect(answers(rig).isEmpty && rig.stoppedSearches == 0)
        rig.advance(.milliseconds(1))
        #expect(answers(rig).map(\.why) == ["no_fix"] && rig.stoppedSearches == 1)
        rig.receive(.located(Self.fix))
        #expect(answers(rig).count == 1, "too late")
        rig.advance(.seconds(300))
        #expect(answers(rig).count == 1)
    }

    @Test func answersTheNewestQuestion() {
        var rig = Rig()
        rig.start()
        rig.answer(asking(rig, 5, "geo_1"))
        rig.advance(.seconds(50))
        rig.answer(asking(rig, 6, "geo_2"))
        #expect(rig.searches == 1, "the search that is under way serves both")
        rig.advance(.seconds(20))
        rig.receive(.located(Self.fix))
        #expect(answers(rig).map(\.command) == ["geo_2"])
    }

    @Test(arguments: [("geo_1", "reboot"), ("geo_1", ""), ("", "geolocate"), (String(repeating: "x", count: 65), "geolocate")])
    func passesOverWhatItDoesNotKnow(_ id: String, _ kind: String) {
        var rig = Rig()
        rig.start()
        rig.answer(asking(rig, 5, id, kind: kind))
        #expect(rig.searches == 0 && rig.isPolling)
        #expect(rig.ask(.airtimeVend).permitted)
    }

    @Test func findsItsOwnAmongOthers() {
        var rig = Rig()
        rig.start()
        var lease = rig.lease(5)
        lease.cmds = [TerminalCommand(id: "a", kind: "dance"), TerminalCommand(id: "b", kind: "geolocate")]
        rig.answer(lease)
        rig.receive(.located(Self.fix))
        #expect(answers(rig).map(\.command) == ["b"])
    }

    @Test func obeysNoLeaseThatItRefuses() {
        var rig = Rig()
        rig.start()
        var lease = asking(rig, 5, "geo_1")
        lease.nonce = "another"
        rig.answer(lease)
        #expect(rig.searches == 0)
    }

    @Test func looksAgainAfterARestart() {
        var rig = Rig()
        rig.start()
        rig.answer(asking(rig, 5, "geo_1"))
        rig.restart()
        rig.answer(asking(rig, 5, "geo_1"))
        #expect(rig.searches == 2)
    }

    @Test func keepsTheAnswerThroughARestart() {
        var rig = Rig()
        rig.start()
        rig.answer(asking(rig, 5, "geo_1"))
        rig.receive(.located(Self.fix))
        rig.restart()
        #expect(answers(rig).map(\.command) == ["geo_1"])
    }

    private static let cell = Cell(mcc: "655", mnc: "01", lac: nil, tac: 0x1F00, id: 0x79D903, radio: .lte)!

    @Test func namesItsCellWhereThereIsNoPosition() throws {
        var rig = Rig()
        rig.modem = .registered(Self.cell)
        rig.start()
        rig.answer(asking(rig, 5, "geo_1"))
        #expect(rig.cellSearches == 0, "the position comes first")
        rig.receive(.locationFailed(.noGPSD))
        let event = try #require(answers(rig).first)
        #expect(event.command == "geo_1" && event.cell == Self.cell && event.source == "cell" && event.why == "no_gpsd")
        #expect(event.lat == nil && event.lon == nil && event.fixed_at == nil)
        rig.receive(.cellLocated(Self.cell))
        #expect(answers(rig).count == 1, "nobody has asked")
    }

    @Test func asksForTheCellAfterAMinuteWithoutAFix() {
        var rig = Rig()
        rig.modem = .registered(Self.cell)
        rig.start()
        rig.answer(asking(rig, 5, "geo_1"))
        rig.advance(.seconds(60))
        #expect(answers(rig).map(\.why) == ["no_fix"] && answers(rig).map(\.cell) == [Self.cell] && rig.stoppedSearches == 1)
    }

    @Test func givesAModemUpThatDoesNotAnswer() {
        var rig = Rig()
        rig.modem = .slow
        rig.start()
        rig.answer(asking(rig, 5, "geo_1"))
        rig.receive(.locationFailed(.noGPSD))
        rig.advance(Limits.cellSearch - .milliseconds(1))
        #expect(answers(rig).isEmpty)
        rig.advance(.milliseconds(1))
        #expect(answers(rig).map(\.why) == ["no_gpsd"] && answers(rig).map(\.cell) == [nil])
        rig.receive(.cellLocated(Self.cell))
        #expect(answers(rig).count == 1, "too late")
    }

    @Test func answersANewQuestionWithTheCellThatItIsAskingFor() {
        var rig = Rig()
        rig.modem = .slow
        rig.start()
        rig.answer(asking(rig, 5, "geo_1"))
        rig.receive(.locationFailed(.noGPSD))
        rig.advance(.seconds(1))
        rig.answer(asking(rig, 6, "geo_2"))
        rig.receive(.cellLocated(Self.cell))
        #expect(answers(rig).map(\.command) == ["geo_2"] && rig.searches == 1)
    }

    // MARK: Once a day

    /// A connected terminal whose polls are all answered.
    private func advance(_ rig: inout Rig, by duration: Duration, revision: Revision = 5, each visit: (inout Rig) -> Void) {
        let end = rig.now + duration
        while rig.now < end {
            if rig.request != nil { rig.answer(rig.lease(revision)) }
            rig.acknowledgeAll()
            visit(&rig)
            rig.advance(.seconds(60))
        }
    }

    @Test(arguments: UInt64(1)...20) func looksOnceADayWithoutBeingAsked(_ seed: UInt64) throws {
        var rig = Rig(seed: seed)
        rig.start()
        var at: [Duration] = []
        let start = rig.now
        advance(&rig, by: .seconds(5 * 24 * 3600)) { rig in
            while at.count < rig.searches {
                at.append(rig.now)
                rig.receive(.located(Self.fix))
                #expect(rig.terminal.spool.events.contains { $0.kind == "location" && $0.lat == Self.fix.lat && $0.command == nil })
            }
        }
        #expect((4...5).contains(at.count), "\(at)")
        #expect(at[0] - start <= .seconds(24 * 3600 + 60))
        for (earlier, later) in zip(at, at.dropFirst()) { #expect(abs((later - earlier - Limits.searchInterval).components.seconds) <= 60) }
    }

    @Test func looksAtAnotherTimeThanTheTerminalsBesideIt() {
        let moments = (1...20).map { seed in
            var rig = Rig(seed: UInt64(seed))
            rig.start()
            return rig.terminal.nextSearch
        }
        #expect(Set(moments).count == 20)
    }

    @Test func countsTheDayFromTheLastQuestion() throws {
        var rig = Rig()
        rig.start()
        let planned = try #require(rig.terminal.nextSearch)
        rig.answer(asking(rig, 5, "geo_1"))
        rig.receive(.located(Self.fix))
        let next = try #require(rig.terminal.nextSearch)
        #expect(next != planned && next == rig.now + Limits.searchInterval)
    }

    @Test func hasNothingToTellWhenNobodyHasAskedAndNothingIsKnown() throws {
        var rig = Rig()
        rig.start()
        rig.answer(rig.lease(5))
        let before = rig.spooled.count
        rig.advance(try #require(rig.terminal.nextSearch) - rig.now)
        #expect(rig.searches == 1)
        rig.receive(.locationFailed(.noGPSD))
        #expect(answers(rig).isEmpty && rig.terminal.spool.events.count { $0.kind == "location" } == 0 && rig.spooled.count >= before)
        #expect(rig.terminal.search == nil && rig.cellSearches == 1)
    }

    @Test func doesNotLookBeforeItIsEnrolled() {
        var rig = Rig()
        rig.isEnrolled = false
        rig.start()
        rig.advance(.seconds(3600))
        #expect(rig.searches == 0 && rig.terminal.nextSearch == nil)
    }

    /// A lock that comes with a question, and every step of the search, leave the gate and the acknowledgement as they are without it.
    @Test(arguments: [true, false]) func hasNoSayInWhatMayBeSpent(_ locked: Bool) {
        var (plain, asked) = (Rig(), Rig())
        let steps: [(inout Rig, Bool) -> Void] = [
            { rig, _ in rig.start() },
            { rig, isAsked in rig.answer(isAsked ? self.asking(rig, 5, "geo_1", locked: locked) : rig.lease(5, locked: locked)) },
            { rig, _ in rig.advance(.seconds(2)) },
            { rig, isAsked in if isAsked { rig.receive(.locationFailed(.noGPSD)) } },
            { rig, isAsked in rig.answer(isAsked ? self.asking(rig, 6, "geo_2", locked: !locked) : rig.lease(6, locked: !locked)) },
            { rig, isAsked in if isAsked { rig.receive(.located(Self.fix)) } },
            { rig, _ in rig.advance(.seconds(61)) },
        ]
        for step in steps {
            step(&plain, false)
            step(&asked, true)
            #expect(plain.request == asked.request)
            #expect(plain.state == asked.state && plain.stateWrites == asked.stateWrites)
            #expect(plain.terminal.lock.acknowledged == asked.terminal.lock.acknowledged)
            #expect(plain.ask(.airtimeVend) == asked.ask(.airtimeVend))
        }
    }
}
