import HTTPServer
import Wire

/// `/openapi.json`, written from the endpoints themselves, so that it cannot tell of a path that is not there or forget one that is.
/// - Source: OpenAPI Specification 3.1.1.
enum OpenAPIDocument {
    private static let about = """
        Errors are application/problem+json with a stable code. Only what is not HTTP, or has a request line or header beyond the server's limits, \
        is refused with 400, 413, 414, 431 or 505 and an HTML page: go by the status there.
        """

    static func bytes(of endpoints: [Endpoint]) -> [UInt8] {
        var paths: [(path: String, operations: [String])] = []
        for endpoint in endpoints {
            let operation = quoted(endpoint.method.rawValue.lowercased()) + ":" + self.operation(endpoint)
            if let place = paths.firstIndex(where: { $0.path == endpoint.path }) {
                paths[place].operations.append(operation)
            } else {
                paths.append((endpoint.path, [operation]))
            }
        }
        let listed = paths.map { quoted($0.path) + ":{" + $0.operations.joined(separator: ",") + "}" }.joined(separator: ",")
        let info =
            #""info":{"title":"vendlock","version":"\#(vendlockVersion)","summary":"The device lock of a vending network: back office and terminals.","description":\#(quoted(about)),"license":{"name":"MIT","identifier":"MIT"}}"#
        let schemes =
            #""securitySchemes":{"apiToken":{"type":"http","scheme":"bearer","description":"An API token with a role."},"staffSession":{"type":"apiKey","in":"cookie","name":"vendlock_session","description":"The session of a member of staff. What changes something also needs the header X-Vendlock: 1, or comes from a page of this server."},"terminalKey":{"type":"http","scheme":"bearer","bearerFormat":"JWT","description":"A JWT signed with the terminal's enrolled Ed25519 key."},"session":{"type":"http","scheme":"bearer","description":"The session that a connection was answered with."}}"#
        let text =
            #"{"openapi":"3.1.1",\#(info),"paths":{\#(listed)},"webhooks":\#(OpenAPIWebhooks.text),"components":{\#(schemes),"schemas":{\#(OpenAPISchemas.text),\#(OpenAPIWebhooks.schemas)}}}"#
        return Array(text.utf8)
    }

    private static func operation(_ endpoint: Endpoint) -> String {
        var members = [#""summary":\#(quoted(endpoint.summary))"#, #""operationId":\#(quoted(operationID(endpoint)))"#]
        switch endpoint.access {
        case .open: members.append(#""security":[]"#)
        case .provider(let how):
            members.append(#""security":[]"#)
            members.append(#""description":\#(quoted(how))"#)
        case .roles(let roles):
            members.append(#""security":[{"apiToken":[]},{"staffSession":[]}]"#)
            members.append(#""description":\#(quoted("Roles: " + roles.map(\.rawValue).joined(separator: ", ") + "."))"#)
        case .staff: members.append(#""security":[{"staffSession":[]}]"#)
        case .terminalKey: members.append(#""security":[{"terminalKey":[]}]"#)
        case .session: members.append(#""security":[{"session":[]}]"#)
        }
        let parameters = pathParameters(endpoint.path) + endpoint.parameters.map(parameter)
        if !parameters.isEmpty { members.append(#""parameters":[\#(parameters.joined(separator: ","))]"#) }
        if let body = endpoint.body {
            members.append(##""requestBody":{"required":true,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/\##(body)"}}}}"##)
        }
        if let type = endpoint.providerBody {
            members.append(
                #""requestBody":{"required":true,"description":"As the provider documents it.","content":{"\#(type)":{"schema":{"type":"object"}}}}"#)
        }
        if let type = endpoint.fileBody {
            members.append(#""requestBody":{"required":true,"content":{"\#(type)":{"schema":{"type":"string"}}}}"#)
        }
        members.append(#""responses":{\#((endpoint.answers.map(answer) + problems(endpoint)).joined(separator: ","))}"#)
        return "{" + members.joined(separator: ",") + "}"
    }

    private static func operationID(_ endpoint: Endpoint) -> String {
        let words = endpoint.path.split { !$0.isLetter && !$0.isNumber }.filter { $0 != "v1" }
        return ([endpoint.method.rawValue.lowercased()] + words.map(String.init)).joined(separator: "_")
    }

    private static let parameterSchemas: [String: String] = [
        "ref": #"{"type":"string","pattern":"^[A-Za-z0-9-]{4,20}$"}"#,
        "imei": ##"{"$ref":"#/components/schemas/IMEI"}"##,
        "channel": ##"{"$ref":"#/components/schemas/Channel"}"##,
        "id": #"{"type":"string"}"#,
        "name": #"{"type":"string"}"#,
    ]

    private static func pathParameters(_ path: String) -> [String] {
        path.split(separator: "/").filter { $0.hasPrefix("{") }.map { segment in
            let name = String(segment.dropFirst().dropLast())
            return #"{"name":"\#(name)","in":"path","required":true,"schema":\#(parameterSchemas[name] ?? #"{"type":"string"}"#)}"#
        }
    }

    private static func parameter(_ parameter: Endpoint.Parameter) -> String {
        let required = parameter.name == "nonce" ? #""required":true,"# : ""
        return
            #"{"name":"\#(parameter.name)","in":"\#(parameter.place)",\#(required)"description":\#(quoted(parameter.about)),"schema":\#(parameter.schema)}"#
    }

    private static func answer(_ answer: Endpoint.Answer) -> String {
        let schema = answer.schema.map { ##"{"$ref":"#/components/schemas/\##($0)"}"## } ?? #"{"type":"string"}"#
        return #""\#(answer.status)":{"description":\#(quoted(answer.about)),"content":{"\#(answer.mediaType)":{"schema":\#(schema)}}}"#
    }

    /// One response per status, with the codes it may carry. What can happen to every request is added here.
    private static func problems(_ endpoint: Endpoint) -> [String] {
        var codes: [ProblemCode] =
            endpoint.problems + [.malformedRequest, .headersTooLarge, .uriTooLong, .requestTimeout, .overloaded, .internalError]
        if endpoint.fileBody != nil { codes.append(.bodyTooLarge) }
        if endpoint.body != nil { codes += [.malformedJSON, .notUTF8, .tooDeep, .invalidBody, .bodyTooLarge] }
        if case .roles = endpoint.access { codes += [.unauthorized, .roleMayNot, .passwordChangeRequired, .totpRequired] }
        if case .staff = endpoint.access { codes.append(.unauthorized) }
        if endpoint.access.takesSessions, endpoint.method != .GET { codes.append(.crossSite) }
        if case .worker = endpoint.work { codes.append(.storeUnavailable) }
        let byStatus = Dictionary(grouping: Set(codes), by: \.status)
        return byStatus.keys.sorted().map { status in
            let names = byStatus[status, default: []].map(\.rawValue).sorted()
            let schema =
                ##"{"allOf":[{"$ref":"#/components/schemas/Problem"},{"properties":{"code":{"enum":[\##(names.map(quoted).joined(separator: ","))]}}}]}"##
            return
                #""\#(status)":{"description":\#(quoted("Refused: " + names.joined(separator: ", ") + ".")),"content":{"\#(Problem.contentType)":{"schema":\#(schema)}}}"#
        }
    }

    private static func quoted(_ text: String) -> String { String(decoding: JSON.encode(text), as: UTF8.self) }
}
