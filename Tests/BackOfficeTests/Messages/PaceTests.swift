import Messaging
import Platform
import Testing

@testable import BackOffice

@Suite struct PaceTests {
    private static let start = Uptime(milliseconds: 86_400_000)

    /// How many go when as many as may are sent at each of these milliseconds.
    private func sent(_ provider: Provider, at moments: [Int64]) -> [Int] {
        var pace = Pace(of: provider, at: Self.start)
        return moments.map { moment in
            let count = pace.available(at: Self.start + .milliseconds(moment))
            for _ in 0..<count { pace.take() }
            return count
        }
    }

    /// An endpoint that is back after days gets 50 at once, then 20 a second.
    @Test(arguments: [
        (Provider.webhooks, [Int64(0), 0, 1000, 1500, 2500], [50, 0, 20, 10, 20]),
        (.webhooks, [0, 40, 50, 99, 100], [50, 0, 1, 0, 1]),
        (.webhooks, [3_600_000, 3_600_000], [50, 0]),
        (.whatsapp, [0, 1000, 9000], [70, 70, 70]),
        (.freshchat, [0, 500, 1000, 60_000], [30, 0, 1, 30]),
        (.twilio, [0, 1000], [20, 10]), (.africastalking, [0, 1000], [20, 10]), (.clickatell, [0, 1000], [20, 10]),
        (.alerts, [0, 1000, 600_000], [5, 1, 5]),
    ])
    func givesSoManyAtOnceAndThenSoManyASecond(_ provider: Provider, _ moments: [Int64], _ counts: [Int]) {
        #expect(sent(provider, at: moments) == counts)
    }

    /// A look-up goes although nothing is available; then others wait until that is made good.
    @Test func whatMustNotWaitIsMadeGoodLater() {
        var pace = Pace(perSecond: 1, burst: 2, at: Self.start)
        for _ in 0..<5 { pace.take() }
        #expect([0, 3000, 3900, 4000].map { pace.available(at: Self.start + .milliseconds($0)) } == [0, 0, 0, 1])
    }

    @Test func aMomentThatLiesBackTakesNothingAway() {
        var pace = Pace(perSecond: 1, burst: 2, at: Self.start)
        pace.take()
        #expect(pace.available(at: Self.start - .seconds(60)) == 1)
        #expect(pace.available(at: Self.start) == 2)
    }
}
