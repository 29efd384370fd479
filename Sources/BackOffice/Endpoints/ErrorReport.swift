package import HTTPServer
import Platform
import Store
import Wire

/// Turns every error into `application/problem+json`, once, at the top; counts it; logs only what is ours or the world's.
package struct ErrorReport: Sendable {
    let metrics: Metrics

    package init(metrics: Metrics) { self.metrics = metrics }

    func answering(_ work: () throws -> HTTPResponse) -> HTTPResponse {
        do { return try work() } catch { return response(for: error) }
    }

    package func response(for error: any Error) -> HTTPResponse {
        let problem = problem(for: error)
        metrics.problems.increment(problem.code)
        var response = HTTPResponse(status: problem.status, contentType: Problem.contentType, body: JSON.encode(problem))
        if problem.status == 401 { response.headers.append(("WWW-Authenticate", "Bearer")) }
        if let tries = error as? TooManyTries { response.headers.append(("Retry-After", String(tries.seconds))) }
        if problem.status == 503 { response.headers.append(("Retry-After", "1")) }
        return response
    }

    /// What the HTTP room refuses by itself: too large, too slow, not found.
    package func response(status: Int, detail: String) -> HTTPResponse {
        response(for: Problem(ProblemCode.ofTransport(status), detail))
    }

    private func problem(for error: any Error) -> Problem {
        switch error {
        case let problem as Problem: return problem
        case let tries as TooManyTries: return tries.problem
        case let refusal as JSONRefusal:
            let code: ProblemCode =
                switch refusal.code {
                case .malformed: .malformedJSON
                case .notUTF8: .notUTF8
                case .tooDeep: .tooDeep
                case .wrongShape: .invalidBody
                case .invalidIMEI: .invalidIMEI
                case .invalidReference: .invalidReference
                case .invalidChannel: .unknownChannel
                }
            return Problem(code, refusal.description)
        case let failure as StoreError:
            Log.error("store: \(failure)")
            return Problem(.storeUnavailable, "The change could not be stored and nothing was done. Try again; if it stays so, the disk may be full.")
        default:
            Log.error("request failed: \(error)")
            return Problem(.internalError, "The server failed. Nothing is known to be changed. Look at its log.")
        }
    }
}
