/// An error as the API answers it, `application/problem+json`; `code` is stable, `detail` is for people.
/// - Source: RFC 9457.
package struct Problem: Codable, Sendable, Equatable, Error {
    package static let contentType = "application/problem+json"

    package var type = "about:blank"
    package var title: String
    package var status: Int
    package var code: String
    package var detail: String

    package init(status: Int, code: String, detail: String) {
        self.title = Self.phrase(status)
        self.status = status
        self.code = code
        self.detail = detail
    }

    /// The reason phrase of RFC 9110 section 15, which RFC 9457 asks for as the title of `about:blank`.
    private static func phrase(_ status: Int) -> String {
        switch status {
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 409: "Conflict"
        case 413: "Content Too Large"
        case 414: "URI Too Long"
        case 415: "Unsupported Media Type"
        case 422: "Unprocessable Content"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 503: "Service Unavailable"
        default: "Error"
        }
    }
}
