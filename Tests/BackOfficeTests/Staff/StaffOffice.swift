import Signing
import TestSupport
import Wire

/// A back office and the people who work there, under a clock that the test moves.
final class StaffOffice {
    static let password = "four words on paper"

    let office: InProcess
    var admin: API { office.api }
    var clock: ManualClock { office.clock }

    init() throws { office = try InProcess() }

    init(passwordCost: PasswordHash.Cost) throws { office = try InProcess(passwordCost: passwordCost) }

    /// Somebody in a session.
    struct Member {
        let api: API
        let name: String
        var cookie: String
        /// As the telephone keeps it.
        var secret: String?

        func call(_ method: String, _ path: String, _ body: String? = nil, headers: [String] = ["X-Vendlock: 1"]) throws -> Reply {
            try api.with(token: nil).call(method, path, body, headers: ["Cookie: theme=dark; vendlock_session=\(cookie)"] + headers)
        }

        func must(_ status: Int, _ method: String, _ path: String, _ body: String? = nil) throws -> JSONValue {
            let reply = try call(method, path, body)
            guard reply.status == status else { throw Failure("\(method) \(path): \(reply.status) instead of \(status): \(reply.text)") }
            return reply.json
        }

        var isIn: Bool { get throws { try call("GET", "/v1/sessions/current").status == 200 } }
    }

    /// Adds somebody and returns the setup password.
    @discardableResult
    func add(_ name: String, _ role: String) throws -> String {
        let user = try admin.must(201, "POST", "/v1/users", #"{"name":"\#(name)","role":"\#(role)"}"#)
        guard let password = user["setup_password"].string else { throw Failure("no setup password") }
        return password
    }

    func signInReply(_ name: String, _ password: String, code: String? = nil, headers: [String] = []) throws -> Reply {
        let code = code.map { #","code":"\#($0)""# } ?? ""
        return try admin.with(token: nil).call(
            "POST", "/v1/sessions", #"{"name":"\#(name)","password":"\#(password)"\#(code)}"#, headers: headers)
    }

    func signIn(_ name: String, _ password: String = StaffOffice.password, code: String? = nil, secret: String? = nil) throws -> Member {
        let reply = try signInReply(name, password, code: code)
        guard reply.status == 201, let cookie = Self.cookie(of: reply) else { throw Failure("sign-in: \(reply.status) \(reply.text)") }
        return Member(api: admin, name: name, cookie: cookie, secret: secret)
    }

    /// The token of `Set-Cookie`.
    static func cookie(of reply: Reply) -> String? {
        guard let field = reply.header("Set-Cookie"), field.hasPrefix("vendlock_session=") else { return nil }
        return field.dropFirst("vendlock_session=".count).split(separator: ";", omittingEmptySubsequences: false).first.map(String.init)
    }

    /// Somebody with a password of their own, without codes.
    func member(_ name: String, _ role: String) throws -> Member {
        let setup = try add(name, role)
        let member = try signIn(name, setup)
        _ = try member.must(200, "POST", "/v1/sessions/current/password", #"{"old":"\#(setup)","new":"\#(Self.password)"}"#)
        return member
    }

    /// Somebody who is through with setting up, codes too.
    func settled(_ name: String, _ role: String) throws -> Member {
        var member = try member(name, role)
        member.secret = try member.must(200, "POST", "/v1/users/\(name)/totp", "{}")["secret"].string
        _ = try member.must(200, "POST", "/v1/users/\(name)/totp", #"{"code":"\#(code(member))"}"#)
        return member
    }

    /// What the telephone shows, some steps from now.
    func code(_ member: Member, steps: Int64 = 0) throws -> String {
        try OneTimeCode.code(secret: Self.bytes(member.secret ?? ""), counter: OneTimeCode.step(atUnixSeconds: clock.now.unixSeconds) + steps)
    }

    /// RFC 4648 section 6, by a stranger's hand.
    static func bytes(_ base32: String) -> [UInt8] {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        let bits = base32.flatMap { letter -> [UInt8] in
            let value = alphabet.firstIndex(of: letter) ?? 0
            return (0..<5).map { UInt8(value >> (4 - $0) & 1) }
        }
        return stride(from: 0, to: bits.count / 8 * 8, by: 8).map { bits[$0..<($0 + 8)].reduce(0) { $0 << 1 | $1 } }
    }

    func notes(_ kind: String) throws -> [JSONValue] {
        try admin.must(200, "GET", "/v1/notes?limit=200")["notes"].array.filter { $0["kind"].string == kind }
    }

    func wrong(_ name: String, times: Int = 1) throws {
        for _ in 0..<times {
            let reply = try signInReply(name, "not the password")
            guard reply.status == 401 else { throw Failure("a wrong sign-in: \(reply.status) \(reply.text)") }
        }
    }
}
