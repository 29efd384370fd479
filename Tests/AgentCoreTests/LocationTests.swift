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
