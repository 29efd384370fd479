import HTTPServer
import Platform

/// Where a stand-in's requests are counted, checked, spoiled or answered.
///
/// Concurrency: any thread; all state is guarded by the monitor.
final class StandInDesk: @unchecked Sendable {
    private let monitor = Monitor()
    private let onViolation: (@Sendable (String) -> Void)?
    private var isClosed = false
    private var faults: [Fault] = []
    private var noted: [String] = []
    private var receivedCount = 0
    private var acceptedCount = 0

    var violations: [String] { monitor.locked { noted } }
    var received: Int { monitor.locked { receivedCount } }
    var accepted: Int { monitor.locked { acceptedCount } }

    init(onViolation: (@Sendable (String) -> Void)?) { self.onViolation = onViolation }

    func note(_ violation: String) {
        monitor.locked { noted.append(violation) }
        onViolation?(violation)
    }

    func fail(next count: Int, with fault: Fault) {
        monitor.locked { faults += Array(repeating: fault, count: count) }
    }

    func recover() { monitor.locked { faults = [] } }

    func close() {
        monitor.locked {
            isClosed = true
            monitor.broadcast()
        }
    }

    /// A spoiled request is checked as well: that the provider is ill excuses no mistake.
    func answer(_ request: ReceivedRequest, _ service: StandInServer.Service) -> HTTPResponse {
        let fault = monitor.locked {
            receivedCount += 1
            return faults.isEmpty ? nil : faults.removeFirst()
        }
        do throws(Refusal) {
            let accept = try service.check(request)
            switch fault {
            case .status(let status, let body, let headers): return Self.spoiled(status, body, headers)
            case .hang: return hang()
            case .acceptThenHang:
                _ = accepting(accept)
                return hang()
            case .slow(let delay):
                let response = accepting(accept)
                sleep(delay)
                return response
            case nil: return accepting(accept)
            }
        } catch {
            if let violation = error.violation { note("\(request.line): \(violation)") }
            switch fault {
            case .status(let status, let body, let headers): return Self.spoiled(status, body, headers)
            case .hang: return hang()
            case .acceptThenHang, .slow, nil: return error.response
            }
        }
    }

    private func accepting(_ accept: () -> HTTPResponse) -> HTTPResponse {
        let response = accept()
        monitor.locked { acceptedCount += 1 }
        return response
    }

    private func hang() -> HTTPResponse {
        monitor.locked { while !isClosed { monitor.wait() } }
        return HTTPResponse(status: 503)
    }

    private func sleep(_ duration: Duration) {
        let end = ContinuousClock.now + duration
        monitor.locked {
            while !isClosed, ContinuousClock.now < end { monitor.wait(atMost: end - .now) }
        }
    }

    private static func spoiled(_ status: Int, _ body: String, _ headers: [(name: String, value: String)]) -> HTTPResponse {
        var response = HTTPResponse(status: status, headers: headers, body: Array(body.utf8))
        if response.contentType == nil, !body.isEmpty { response.contentType = body.first == "{" ? "application/json" : "text/plain" }
        return response
    }
}

/// What the provider answers to a request that it does not accept.
struct Refusal: Error {
    let response: HTTPResponse
    /// What the client did wrong; absent where it could not know better, as with a recipient that has opted out.
    let violation: String?
}
