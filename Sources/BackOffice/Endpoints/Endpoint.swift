package import HTTPServer
package import Wire

/// One method of one path: who may call it, what it takes and answers, and what does the work. Routes and `/openapi.json` both come from here.
package struct Endpoint: Sendable {
    package enum Access: Sendable, Equatable {
        /// Anybody who reaches the server: nothing of an account is in the answer.
        case open
        /// A provider of messages, which proves itself as its interface has it.
        case provider(String)
        /// An API token, or a session, of one of these roles.
        case roles([Role])
        /// The session of a member of staff, whatever their role and whatever they still have to set up.
        case staff
        /// A JWT signed by the terminal's enrolled key.
        case terminalKey
        /// The session of a connected terminal.
        case session

        /// Whether a member of staff's session opens it.
        var takesSessions: Bool {
            switch self {
            case .roles, .staff: true
            case .open, .provider, .terminalKey, .session: false
            }
        }
    }

    package enum Work: Sendable {
        /// On a worker thread; may block on the store.
        case worker(@Sendable (Call) throws -> HTTPResponse)
        /// In the HTTP thread, from memory.
        case inline(@Sendable (HTTPRequest, Waking?) throws -> InlineAnswer)
    }

    package struct Parameter: Sendable {
        let name: String
        let place: String
        let schema: String
        let about: String

        static func query(_ name: String, _ schema: String, _ about: String) -> Parameter {
            Parameter(name: name, place: "query", schema: schema, about: about)
        }
        static func header(_ name: String, _ schema: String, _ about: String) -> Parameter {
            Parameter(name: name, place: "header", schema: schema, about: about)
        }
        static let paging: [Parameter] = [.query("after", #"{"type":"string"}"#, "The last page's `next`.")] + limit
        static let limit: [Parameter] = [
            .query("limit", #"{"type":"integer","minimum":1,"maximum":200,"default":50}"#, "How many at most.")
        ]
    }

    package struct Answer: Sendable {
        let status: Int
        let about: String
        /// Name of a schema of the document; `nil` for an answer that is not JSON.
        let schema: String?
        let mediaType: String

        static func json(_ status: Int, _ about: String, _ schema: String) -> Answer {
            Answer(status: status, about: about, schema: schema, mediaType: "application/json")
        }
        static func text(_ status: Int, _ about: String, _ mediaType: String) -> Answer {
            Answer(status: status, about: about, schema: nil, mediaType: mediaType)
        }
    }

    let method: HTTPMethod
    let path: String
    let summary: String
    let access: Access
    let parameters: [Parameter]
    /// Name of the body's schema.
    let body: String?
    /// The media type of a body that is a provider's own, and described there.
    let providerBody: String?
    /// The media type of a body that is a file.
    let fileBody: String?
    let bodyLimit: Int
    let answers: [Answer]
    let problems: [ProblemCode]
    let work: Work

    init(
        _ method: HTTPMethod, _ path: String, _ summary: String, access: Access, parameters: [Parameter] = [], body: String? = nil,
        providerBody: String? = nil, fileBody: String? = nil, bodyLimit: Int = 64 * 1024, answers: [Answer], problems: [ProblemCode] = [], work: Work
    ) {
        self.method = method
        self.path = path
        self.summary = summary
        self.access = access
        self.parameters = parameters
        self.body = body
        self.providerBody = providerBody
        self.fileBody = fileBody
        self.bodyLimit = bodyLimit
        self.answers = answers
        self.problems = problems
        self.work = work
    }

    /// As the office's notes name it.
    var name: String { "\(method.rawValue) \(path)" }

    /// The endpoint as the HTTP room takes it, with the caller checked and every error turned into a problem.
    func route(callers: Callers, errors: ErrorReport) -> Route {
        // Many clients send `{}` with every POST, also where no body is asked for.
        let limit = method == .GET ? 0 : bodyLimit
        switch work {
        case .worker(let run):
            let access = access
            let name = name
            return Route(
                method, path, bodyLimit: limit,
                handler: .worker { request in errors.answering { try callers.answer(request, name, access, work: run) } })
        case .inline(let run):
            return Route(
                method, path, bodyLimit: limit,
                handler: .inline { request, waking in
                    do { return try run(request, waking) } catch { return .respond(errors.response(for: error)) }
                })
        }
    }
}

/// One request with its caller known.
package struct Call {
    let request: HTTPRequest
    let caller: Caller?
    /// The caller's session, where it is one.
    let seat: Staff.Seat?

    var address: String { request.remoteAddress }

    var actor: Actor { caller?.actor(at: address) ?? Actor(name: "unknown", role: nil, via: "api", address: address) }

    /// Of an endpoint for sessions only.
    func session() -> Staff.Seat {
        guard let seat else { preconditionFailure("an endpoint for staff is called with a session") }
        return seat
    }

    func body<Value: Decodable>(_ type: Value.Type) throws -> Value { try JSON.decode(type, from: request.body) }

    func imei() throws -> IMEI { try request.imei() }

    func reference() throws -> AccountReference { try Self.reference(request.parameter("ref")) }

    static func reference(_ text: String) throws -> AccountReference {
        do { return try AccountReference(text) } catch { throw Problem(.invalidReference, error.description) }
    }

    static func imei(_ text: String) throws -> IMEI {
        do { return try IMEI(text) } catch { throw Problem(.invalidIMEI, error.description) }
    }

    /// `after` of a list that pages by number.
    func numberAfter() throws -> Int64? {
        try request.query("after").map { text in
            guard let number = Int64(text) else { throw Problem(.invalidQuery, "'after' is the last page's 'next'.") }
            return number
        }
    }

    func limit(default usual: Int = 50, most: Int = 200) throws -> Int {
        guard let text = request.query("limit") else { return usual }
        guard let limit = Int(text), (1...most).contains(limit) else { throw Problem(.invalidQuery, "'limit' is a whole number from 1 to \(most).") }
        return limit
    }

    /// `?name=true`; absent: false.
    func flag(_ name: String) throws -> Bool {
        switch request.query(name) {
        case nil, "false": false
        case "true": true
        default: throw Problem(.invalidQuery, "'\(name)' is true or false.")
        }
    }
}

extension HTTPRequest {
    func imei() throws -> IMEI { try Call.imei(parameter("imei")) }

    func channel() throws -> ChannelCode {
        do { return try ChannelCode(parameter("channel")) } catch { throw Problem(.unknownChannel, error.description) }
    }

    /// The credential of `Authorization: Bearer …` (RFC 6750 section 2.1).
    var bearer: Substring? {
        guard let field = header("Authorization"), field.count > 7, field.prefix(7).lowercased() == "bearer " else { return nil }
        return field.dropFirst(7)
    }
}

extension HTTPResponse {
    static func json(_ status: Int, _ value: some Encodable) -> HTTPResponse {
        HTTPResponse(status: status, contentType: "application/json", body: JSON.encode(value))
    }
}
