import Agent
import AgentCore
import HTTPClient
import Testing
import Wire

/// What becomes of a transfer without an answer: the terminal tries again at once only where nobody was reached.
struct ServerAnswersTests {
    private func answers() throws -> ServerAnswers { ServerAnswers(verifier: try LeaseVerifier(JWKSet(keys: []))) }

    private func failure(_ event: Event) throws -> TransferFailure {
        switch event {
        case .transferFailed(let failure), .eventsFailed(let failure): failure
        default: throw Unexpected(event: event)
        }
    }

    private struct Unexpected: Error { let event: Event }

    @Test(arguments: [true, false]) func aSilentNetworkIsToldFromOneThatAnswered(isSilence: Bool) throws {
        let result = ServerAnswers.Result.failure(
            HTTPClientError(.timeout, operation: "GET https://a", detail: "timed out", isSilence: isSilence))
        var answers = try answers()
        for event in [
            answers.connection(result, sentAt: .zero, unixMilliseconds: 0), answers.poll(result, sentAt: .zero), answers.report(result),
        ] {
            let failure = try failure(event)
            #expect(failure.isCheap == isSilence)
            #expect(failure.kind == .network("GET https://a: timed out"))
        }
    }
}
