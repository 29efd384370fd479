@testable import Agent
import HTTPClient
import Testing

struct ConnectPatienceTests {
    private let silence = ServerAnswers.Result.failure(HTTPClientError(.timeout, operation: "GET https://a", detail: "timed out", isSilence: true))
    private let refusal = ServerAnswers.Result.failure(HTTPClientError(.connect, operation: "GET https://a", detail: "refused"))

    private func answer(after time: Duration?) -> ServerAnswers.Result {
        .success(HTTPClientResponse(status: 200, headers: [], body: [], connectTime: time))
    }

    @Test func isLongUntilSomethingIsKnown() {
        var patience = ConnectPatience()
        #expect(patience.timeout == .seconds(10))
        for _ in 0..<5 {
            patience.note(silence)
            #expect(patience.timeout == .seconds(10))
        }
    }

    @Test(arguments: [(50, 2000), (500, 2000), (800, 3200), (2500, 10_000), (9000, 10_000)])
    func isFourTimesWhatAConnectionTook(took: Int, timeout: Int) {
        var patience = ConnectPatience()
        patience.note(answer(after: .milliseconds(took)))
        #expect(patience.timeout == .milliseconds(timeout))
    }

    @Test func aKeptConnectionTeachesNothing() {
        var patience = ConnectPatience()
        patience.note(answer(after: nil))
        #expect(patience.timeout == .seconds(10))
    }

    @Test func oneOfEightTriesInSilenceIsLong() {
        var patience = ConnectPatience()
        patience.note(answer(after: .milliseconds(50)))
        var timeouts: [Duration] = []
        for _ in 0..<16 {
            timeouts.append(patience.timeout)
            patience.note(silence)
        }
        #expect(timeouts == ([2, 2, 2, 2, 2, 2, 2, 10] + [2, 2, 2, 2, 2, 2, 2, 10]).map { .seconds($0) })
        patience.note(refusal)
        #expect(patience.timeout == .seconds(2))
    }
}
