import TestSupport
import Testing

/// One server process for every test that needs none of its own; tests keep apart by their references and IMEIs.
enum Shared {
    private static let server = Result { try ServerProcess() }
    static var api: API { get throws { try server.get().api } }
    static var tokenFile: String { get throws { try server.get().tokenFile } }
}

/// A refusal in full: the status, the code, and the form that every error has.
func expectProblem(_ reply: Reply, _ status: Int, _ code: String, at location: SourceLocation = #_sourceLocation) {
    #expect(reply.status == status, "\(reply.text)", sourceLocation: location)
    #expect(reply.code == code, "\(reply.text)", sourceLocation: location)
    expectProblemForm(reply, at: location)
}

/// RFC 9457, as section 5 of the contract asks for it.
func expectProblemForm(_ reply: Reply, at location: SourceLocation = #_sourceLocation) {
    #expect(reply.header("Content-Type") == "application/problem+json", sourceLocation: location)
    #expect(reply.json["status"].integer == Int64(reply.status), sourceLocation: location)
    #expect(reply.json["title"].string?.isEmpty == false, sourceLocation: location)
    #expect(reply.json["type"].string?.isEmpty == false, sourceLocation: location)
    let detail = reply.json["detail"].string ?? ""
    #expect(detail.hasSuffix(".") && !detail.contains("\n"), "\(detail)", sourceLocation: location)
    let code = reply.code ?? ""
    #expect(!code.isEmpty && code.allSatisfy { "abcdefghijklmnopqrstuvwxyz0123456789_".contains($0) }, sourceLocation: location)
}
