import HTTPServer
import Store
import Wire

/// Who may call: API tokens and members of staff in a session, and their roles.
struct Callers: Sendable {
    let environment: Environment
    let tokens: Tokens
    let staff: Staff
    private let refusals = CountedNotes()

    init(environment: Environment, tokens: Tokens, staff: Staff) {
        self.environment = environment
        self.tokens = tokens
        self.staff = staff
    }

    /// Checks the caller and lets `work` answer. A known caller who may not is on the office's record.
    func answer(
        _ request: HTTPRequest, _ endpoint: String, _ access: Endpoint.Access, work: (Call) throws -> HTTPResponse
    ) throws -> HTTPResponse {
        var known: Caller?
        do {
            let (caller, seat) = try identify(request, access)
            known = caller
            try Self.check(caller, seat, request, access)
            return try work(Call(request: request, caller: caller, seat: seat))
        } catch let problem as Problem where Self.isRecorded(problem) {
            if let known { try environment.store.write(note(problem, of: known, endpoint, from: request.remoteAddress)) }
            throw problem
        }
    }

    /// As `answer`, in a thread that may not block.
    func check(_ request: HTTPRequest, _ endpoint: String, _ access: Endpoint.Access) throws {
        let (caller, seat) = try identify(request, access)
        do { try Self.check(caller, seat, request, access) } catch let problem as Problem where Self.isRecorded(problem) {
            if let caller { environment.store.writeLater(note(problem, of: caller, endpoint, from: request.remoteAddress)) }
            throw problem
        }
    }

    /// - Returns: nobody where the endpoint needs none or checks its own credential.
    private func identify(_ request: HTTPRequest, _ access: Endpoint.Access) throws -> (Caller?, Staff.Seat?) {
        switch access {
        case .roles:
            if let bearer = request.bearer {
                guard let holder = tokens.holder(of: String(bearer)) else { throw Self.unknown }
                return (Caller(name: holder.name, role: holder.role, credential: .token), nil)
            }
            // Whoever sends a credential means it: a wrong one is not mended by a cookie.
            guard request.header("Authorization") == nil else { throw Self.unknown }
            guard let seat = seat(of: request) else { throw Self.unknown }
            return (seat.caller, seat)
        case .staff:
            guard let seat = seat(of: request) else {
                throw Problem(.unauthorized, "This takes the session of a member of staff. Sign in: POST /v1/sessions.")
            }
            return (seat.caller, seat)
        case .open, .provider, .terminalKey, .session: return (nil, nil)
        }
    }

    private func seat(of request: HTTPRequest) -> Staff.Seat? { SessionCookie.token(in: request).flatMap(staff.seat) }

    private static let unknown = Problem(
        .unauthorized,
        "Send a valid API token: Authorization: Bearer TOKEN. An administrator issues them. Members of staff sign in: POST /v1/sessions.")

    private static func check(_ caller: Caller?, _ seat: Staff.Seat?, _ request: HTTPRequest, _ access: Endpoint.Access) throws {
        if seat != nil, request.method != .GET, request.method != .HEAD, RequestOrigin(of: request) != .own {
            throw Problem(.crossSite, "This did not come from a page of this server. A program that uses a session sends the header 'X-Vendlock: 1'.")
        }
        guard let caller, case .roles(let roles) = access else { return }
        try seat?.requireComplete()
        guard roles.contains(caller.role) else {
            throw Problem(
                .roleMayNot, "The role '\(caller.role.rawValue)' may not do this; it takes \(roles.map(\.rawValue).joined(separator: " or ")).")
        }
    }

    private static func isRecorded(_ problem: Problem) -> Bool {
        [ProblemCode.roleMayNot, .crossSite].contains { $0.rawValue == problem.code }
    }

    /// At most one an hour for each caller and endpoint, the others counted on it.
    private func note(_ problem: Problem, of caller: Caller, _ endpoint: String, from address: String) -> @Sendable (any StoreWriter) throws -> Void {
        let now = environment.now
        let note = caller.actor(at: address).officeNote(at: now, kind: "request_refused", text: "\(endpoint) refused (\(problem.code)).")
        return { [refusals] writer in
            try refusals.record(note, as: "\(caller.actorName) \(problem.code) \(endpoint)", now: now, in: writer)
        }
    }
}

extension [Role] {
    /// Who may look at accounts and devices: everybody who works here, but not the switch.
    static let readers: [Role] = [.callCentre, .senior, .fieldAgent, .auditor, .admin]
    static let lockers: [Role] = [.callCentre, .senior, .fieldAgent, .admin]
    static let desk: [Role] = [.callCentre, .senior, .admin]
    static let seniors: [Role] = [.senior, .admin]
    static let installers: [Role] = [.fieldAgent, .senior, .admin]
    static let admins: [Role] = [.admin]
    /// Who looks over the shoulder of those who work here.
    static let auditors: [Role] = [.auditor, .admin]
    static let switches: [Role] = [.switch, .admin]
}
