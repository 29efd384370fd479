import Platform
import Testing

@Suite struct ClockTests {
    @Test func uptimeNeverGoesBack() {
        var last = Uptime.now()
        for _ in 0..<1000 {
            let now = Uptime.now()
            #expect(now >= last)
            last = now
        }
    }

    @Test func addsAndSubtractsDurations() {
        let moment = Uptime(milliseconds: 1_000)
        #expect((moment + .milliseconds(1500)).milliseconds == 2500)
        #expect((moment - .seconds(2)).milliseconds == -1000)
        #expect(Uptime(milliseconds: 2500) - moment == .milliseconds(1500))
    }

    @Test(arguments: [
        (Duration.zero, Int32(0)), (.nanoseconds(1), 1), (.milliseconds(1), 1), (.microseconds(1001), 2),
        (.seconds(-5), 0), (.seconds(1 << 50), .max),
    ])
    func roundsWaitsUp(_ duration: Duration, _ milliseconds: Int32) {
        #expect(duration.millisecondsRoundedUp == milliseconds)
    }

    @Test func readsTheBootID() throws {
        let id = try BootID.read()
        #expect(id.count == 36)
        #expect(try BootID.read() == id)
    }

    @Test func tellsTheTimeOfDay() { #expect(WallClock.now() > 1_700_000_000_000) }
}
