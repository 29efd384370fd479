@testable import Agent
import HTTPClient
import Testing

struct ConnectPatienceTests {
    private static let operation = "GET https://a"
    private let silence = failure(HTTPClientError(.timeout, operation: operation, detail: "timed out", isSilence: true))
    private let lostPoll = failure(HTTPClientError(.timeout, operation: operation, detail: "timed out", mayHaveArrived: true))
    private let slowness = failure(HTTPClientError(.timeout, operation: operation, detail: "timed out", isSlowConnection: true))
    private let refusal = failure(HTTPClientError(.connect, operation: operation, detail: "refused"))

    private static func failure(_ error: HTTPClientError) -> ServerAnswers.Result { .failure(error) }

    private func answer(after time: Duration?) -> ServerAnswers.Result {
        .success(HTTPClientResponse(status: 200, headers: [], body: [], roundTrip: time))
    }

    @Test func isLongWhileSomebodyAnswers() {
        var patience = ConnectPatience()
        #expect(patience.timeout == .seconds(10))
        for result in [answer(after: .milliseconds(5)), refusal, slowness, answer(after: nil)] {
            patience.note(result)
            #expect(patience.timeout == .seconds(10))
        }
    }

    @Test(arguments: [(50, 800), (320, 800), (400, 1000), (2000, 5000), (9000, 10_000)])
    func inSilenceIsTwoRoundTripsAndAHalf(took: Int, timeout: Int) {
        for beginning in [silence, lostPoll] {
            var patience = ConnectPatience()
            patience.note(answer(after: .milliseconds(took)))
            // Nothing was connected for this one.
            patience.note(answer(after: nil))
            patience.note(beginning)
            #expect(patience.timeout == .milliseconds(timeout))
        }
    }

    @Test(arguments: [(50, 800, 2000, 5000), (3000, 7500, 8700, 7500)])
    func someTriesInSilenceAreLonger(took: Int, quick: Int, repeated: Int, long: Int) {
        var patience = ConnectPatience()
        patience.note(answer(after: .milliseconds(took)))
        var timeouts: [Duration] = []
        for _ in 0..<128 {
            patience.note(silence)
            timeouts.append(patience.timeout)
        }
        let seven = [Duration](repeating: .milliseconds(quick), count: 7)
        let row = [[Duration]](repeating: seven + [.milliseconds(repeated)], count: 7).flatMap { $0 } + seven + [.milliseconds(long)]
        #expect(timeouts == row + row)
        patience.note(refusal)
        #expect(patience.timeout == .seconds(10))
    }

    @Test func oneThatWasAnsweredIsWaitedForTheNextTime() {
        var patience = ConnectPatience()
        patience.note(silence)
        #expect(patience.timeout == .milliseconds(800))
        var isGivenUpEarly = patience.note(slowness)
        #expect(isGivenUpEarly)
        #expect(patience.timeout == .seconds(10))
        isGivenUpEarly = patience.note(slowness)
        #expect(!isGivenUpEarly, "ten seconds were not early")
        #expect(patience.timeout == .seconds(10))
    }
}
