@testable import HTTPServer
import Testing

@Suite struct DeadlinePolicyTests {
    private let policy = DeadlinePolicy(header: 10_000, body: 30_000, bodyStep: 10_000, idle: 60_000, probe: 5_000)

    @Test(arguments: [
        (Activity.Phase.fresh, 0, 9_999, DeadlinePolicy.Verdict.keep(again: 10_000)),
        (.fresh, 0, 10_000, .end),
        (.receiving, 0, 25_000, .keep(again: 30_000)),
        (.receiving, 0, 30_000, .end),
        (.filling, 5_000, 14_999, .keep(again: 15_000)),
        (.filling, 5_000, 15_000, .end),
        (.idle, 0, 20_000, .keep(again: 30_000)),
        (.idle, 0, 60_000, .end),
        (.serving, 0, 1_000_000, .keep(again: 1_010_000)),
        (.parked, 0, 49_999, .probe(again: 50_000)),
        (.parked, 0, 10_000, .probe(again: 15_000)),
        (.parked, 0, 50_000, .wake),
    ])
    func decidesByPhaseAndTime(phase: Activity.Phase, since: Ticks, now: Ticks, verdict: DeadlinePolicy.Verdict) {
        #expect(policy.verdict(on: Activity(phase, since: since), parkingDeadline: 50_000, now: now) == verdict)
    }

    /// Each step renews the time for the next, never that for the whole.
    @Test(arguments: [(Ticks(1_000), Ticks(3_000), Ticks(13_000)), (1_000, 20_999, 30_999), (1_000, 21_000, 31_000), (1_000, 30_000, 31_000)])
    func endsALargeBodyThatStallsOrTakesTooLong(header: Ticks, now: Ticks, end: Ticks) {
        let activity = policy.filling(since: header, now: now)
        #expect(policy.verdict(on: activity, parkingDeadline: 0, now: end - 1) == .keep(again: end))
        #expect(policy.verdict(on: activity, parkingDeadline: 0, now: end) == .end)
    }

    @Test(arguments: [(Duration.zero, Ticks(0)), (.seconds(-1), 0), (.milliseconds(1), 1), (.nanoseconds(1), 1), (.seconds(3), 3_000)])
    func roundsDurationsUp(duration: Duration, ticks: Ticks) {
        #expect(duration.ticks == ticks)
    }

    @Test(arguments: [
        ("/a", true), ("/a%20b", true), ("/%C3%A9", true), ("%", false), ("%4", false), ("%4g", false), ("%00", false), ("%C3", false),
    ])
    func seesWhatIsMalformed(text: String, isWellFormed: Bool) {
        #expect(Array(text.utf8).withUnsafeBufferPointer(PercentCoding.isWellFormed) == isWellFormed)
    }
}
