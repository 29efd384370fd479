import Messaging
import Platform
import TestSupport
import Testing
import Wire

@testable import BackOffice

@Suite struct ClockWatchTests {
    /// Milliseconds of the wall clock and of the uptime since the last look, and how far the clock was set back.
    @Test(arguments: [
        (Int64(1000), Int64(1000), Int64?.none), (0, 1000, nil), (-999, 1000, nil), (-1000, 1000, 2000), (-3_600_000, 1000, 3_601_000),
        (3_600_000, 1000, nil), (0, 600_000, nil), (600_000, 600_000, nil), (-1, 600_000, 600_001),
    ])
    func seesHowFarTheClockWasSetBack(_ wall: Int64, _ uptime: Int64, _ expected: Int64?) {
        let watch = ClockWatch()
        let (begin, boot) = (Timestamp(unixMilliseconds: 1_784_376_000_000), Uptime(milliseconds: 5_000_000))
        #expect(watch.setBack(wall: begin, uptime: boot) == nil, "nothing to compare with")
        let later = begin.adding(.milliseconds(wall))
        #expect(watch.setBack(wall: later, uptime: boot + .milliseconds(uptime)) == expected.map { .milliseconds($0) })
        #expect(watch.setBack(wall: later, uptime: boot + .milliseconds(uptime)) == nil, "told once")
    }

    /// A message that is to be tried again in seconds does not wait for the hour to come round again.
    @Test func aRetryDoesNotWaitAnHourMore() throws {
        let graph = try GraphStandIn()
        let office = try ProviderOffice(MessagingConfiguration(whatsapp: graph.configuration))
        try office.account()
        graph.fail(next: 1, with: .status(503))
        try office.take(Webhooks.whatsApp(text: "Stop 12345678", from: "27711234567", secret: GraphStandIn.secret), "/hooks/whatsapp")
        try office.pass()
        #expect(try office.outbox("waiting").count == 1)
        try office.server.backOffice.tick()
        office.clock.advance(by: .seconds(-3600))
        try office.server.backOffice.tick()
        try office.pass(.seconds(5))
        #expect(try office.outbox("sent").count == 1 && graph.sent.count == 1)
    }
}
