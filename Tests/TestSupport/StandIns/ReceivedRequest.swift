import HTTPServer

/// A request, copied out of the server's hands.
package struct ReceivedRequest: Sendable {
    package let method: String
    package let path: String
    package let body: [UInt8]
    package let authorization: String?
    package let contentType: String?
    package let accept: String?
    /// Africa's Talking's way to authorize.
    package let apiKey: String?
    /// Standard Webhooks.
    package let webhookID: String?
    package let webhookTimestamp: String?
    package let webhookSignature: String?
    private let parameters: [String: String]
    private let query: [String: String]

    init(_ request: HTTPRequest, of pattern: String) {
        method = request.method.rawValue
        path = request.path
        body = request.body
        authorization = request.header("Authorization")
        contentType = request.header("Content-Type")
        accept = request.header("Accept")
        apiKey = request.header("apiKey")
        webhookID = request.header("webhook-id")
        webhookTimestamp = request.header("webhook-timestamp")
        webhookSignature = request.header("webhook-signature")
        var parameters: [String: String] = [:]
        for piece in pattern.split(separator: "/") where piece.hasPrefix("{") {
            let name = String(piece.dropFirst().dropLast())
            parameters[name] = request.parameter(name)
        }
        self.parameters = parameters
        var query: [String: String] = [:]
        for name in ["page", "items_per_page"] { query[name] = request.query(name) }
        self.query = query
    }

    var line: String { "\(method) \(path)" }

    func parameter(_ name: String) -> String { parameters[name] ?? "" }
    func query(_ name: String) -> String? { query[name] }

    /// Without parameters, in lower case.
    var mediaType: String? { contentType?.split(separator: ";").first?.lowercased().trimmingSpaces }

    /// The body, when it says that it is JSON and is.
    var json: JSONValue? { mediaType == "application/json" ? try? JSONValue(body) : nil }
    /// The body, when it says that it is a form and is.
    var form: FormFields? { mediaType == "application/x-www-form-urlencoded" ? FormFields(body) : nil }
}

extension String {
    fileprivate var trimmingSpaces: String { String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
}

extension HTTPResponse {
    /// A provider's JSON.
    static func json(_ status: Int, _ value: JSONValue) -> HTTPResponse {
        HTTPResponse(status: status, contentType: "application/json; charset=UTF-8", body: value.bytes)
    }

    static func plain(_ status: Int, _ text: String) -> HTTPResponse {
        HTTPResponse(status: status, contentType: "text/plain; charset=utf-8", body: Array(text.utf8))
    }
}
