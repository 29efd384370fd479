/// A server on this machine as a client with one token sees it. Every call is a connection of its own.
package struct API: Sendable {
    package let port: UInt16
    /// What goes behind `Bearer`; `nil` sends no authorization.
    package var token: String?
    /// What serves there: it lives as long as somebody can call it.
    private let server: (any AnyObject & Sendable)?

    package init(port: UInt16, token: String?, of server: (any AnyObject & Sendable)? = nil) {
        self.port = port
        self.token = token
        self.server = server
    }

    package var url: String { "http://127.0.0.1:\(port)" }

    package func with(token: String?) -> API { API(port: port, token: token, of: server) }

    /// - Parameter body: JSON, sent as it is.
    package func call(_ method: String, _ path: String, _ body: String? = nil, headers: [String] = []) throws -> Reply {
        try call(method, path, bytes: body.map { Array($0.utf8) }, headers: headers)
    }

    package func call(_ method: String, _ path: String, bytes: [UInt8]?, headers: [String] = []) throws -> Reply {
        try send(method, path, bytes: bytes, headers: headers).reply(hasBody: method != "HEAD")
    }

    /// Sends the request and leaves the answer to be read.
    package func send(_ method: String, _ path: String, bytes: [UInt8]? = nil, headers: [String] = []) throws -> RawConnection {
        let connection = try RawConnection(port: port)
        var head = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n"
        if let token { head += "Authorization: Bearer \(token)\r\n" }
        if let bytes { head += "Content-Type: application/json\r\nContent-Length: \(bytes.count)\r\n" }
        for header in headers { head += header + "\r\n" }
        try connection.send(Array((head + "\r\n").utf8) + (bytes ?? []))
        return connection
    }

    package func get(_ path: String) throws -> Reply { try call("GET", path) }
    package func post(_ path: String, _ body: String? = nil) throws -> Reply { try call("POST", path, body) }
    package func put(_ path: String, _ body: String) throws -> Reply { try call("PUT", path, body) }
    package func patch(_ path: String, _ body: String) throws -> Reply { try call("PATCH", path, body) }
    package func delete(_ path: String, _ body: String? = nil) throws -> Reply { try call("DELETE", path, body) }

    /// As `call`, but anything else than `status` is an error that shows the answer.
    @discardableResult
    package func must(_ status: Int, _ method: String, _ path: String, _ body: String? = nil) throws -> JSONValue {
        let reply = try call(method, path, body)
        guard reply.status == status else { throw Failure("\(method) \(path): \(reply.status) instead of \(status): \(reply.text.prefix(500))") }
        return reply.json
    }
}

extension API {
    package func addAccount(_ reference: String, channels: [String] = ["KazTimpaPro"], number: String? = nil) throws {
        let list = channels.map { "\"\($0)\"" }.joined(separator: ",")
        let linked = number.map { ",\"linked_number\":\"\($0)\"" } ?? ""
        try must(
            201, "POST", "/v1/accounts",
            "{\"reference\":\"\(reference)\",\"owner\":{\"name\":\"Test Vendor\"},\"locked_channels\":[\(list)]\(linked)}")
    }

    package func addDevice(_ imei: String, account: String? = nil) throws {
        let registered = account.map { ",\"account\":\"\($0)\"" } ?? ""
        try must(201, "POST", "/v1/devices", "{\"imei\":\"\(imei)\"\(registered)}")
    }

    package func enrolmentCode(for imei: String) throws -> String {
        guard let code = try must(201, "POST", "/v1/devices/\(imei)/enrolment-codes")["code"].string else { throw Failure("no code for \(imei)") }
        return code
    }

    /// Places a hold and returns its identifier.
    @discardableResult
    package func lock(_ reference: String, kind: String = "staff", reason: String = "stolen") throws -> String {
        guard let id = try must(201, "POST", "/v1/accounts/\(reference)/holds", "{\"kind\":\"\(kind)\",\"reason\":\"\(reason)\"}")["id"].string
        else { throw Failure("a hold without id") }
        return id
    }

    package func release(_ id: String, of reference: String) throws {
        try must(200, "DELETE", "/v1/accounts/\(reference)/holds/\(id)", "{\"note\":\"found again\"}")
    }

    package func issueToken(role: String, name: String) throws -> API {
        with(token: try must(201, "POST", "/v1/tokens", "{\"role\":\"\(role)\",\"name\":\"\(name)\"}")["token"].string)
    }

    /// One value of `/metrics`, by its name with labels: `vendlock_locks_total{source="api"}`.
    package func metric(_ name: String) throws -> Double? {
        for line in try get("/metrics").text.split(separator: "\n") where line.hasPrefix(name + " ") { return Double(line.dropFirst(name.count + 1)) }
        return nil
    }

    /// Returns when that many polls are parked.
    package func waitForParked(_ count: Int) throws {
        try eventually("\(count) parked polls") { try metric("vendlock_parked_polls") == Double(count) }
    }
}
