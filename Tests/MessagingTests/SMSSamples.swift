import Messaging
import Wire

/// What the tests of the SMS providers and of Slack share.
enum SMSSamples {
    static let now = Timestamp(unixMilliseconds: 1_784_376_000_000)

    static func answer(_ status: Int, _ body: String = "", retryAfter: String? = nil) -> ProviderAnswer {
        ProviderAnswer(status: status, retryAfter: retryAfter, body: Array(body.utf8))
    }
}

extension ProviderRequest {
    var form: [String: String] {
        Dictionary(FormData(body: body ?? []).fields.map { ($0.name, $0.value) }) { first, _ in first }
    }

    func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}

extension SendOutcome {
    /// The outcome without its details: what it asks for, how long after, and whether people must look.
    var gist: String {
        switch self {
        case .accepted(let id): "accepted \(id ?? "-")"
        case .retry(let code, _, let after, let alarm): "retry \(code) \(after.map { "\($0.components.seconds)" } ?? "-")\(alarm ? " alarm" : "")"
        case .outsideWindow: "outside window"
        case .unreachable(let code, _): "unreachable \(code)"
        case .refused(let code, _, let alarm): "refused \(code)\(alarm ? " alarm" : "")"
        }
    }
}
