private import Synchronization

/// From accept to the last byte of the body. All in the connection's HTTP thread.
extension Dispatcher {
    func admits(_ address: PeerAddress?) -> Bool {
        if addresses.admits(address) { return true }
        counters.refused.add(1, ordering: .relaxed)
        return false
    }

    func opened(_ handle: ConnectionHandle) -> Connection {
        let connection = Connection(handle: handle, socket: handle.socket, dispatcher: .passUnretained(self), now: currentTicks())
        addresses.opened(handle.address)
        if table.opened(connection, limit: connectionLimit) { counters.shed.add(1, ordering: .relaxed) }
        return connection
    }

    func closed(_ connection: Connection) {
        addresses.closed(connection.handle.address)
        if connection.reserved > 0 { connection.forgetRequest() }
        table.closed(connection)
    }

    /// The header is complete.
    ///
    /// - Returns: whether to go on; a refusal sent from here closes the connection without reading the body.
    func begin(_ connection: Connection, path: UnsafePointer<CChar>, method: UnsafePointer<CChar>) -> Bool {
        let now = currentTicks()
        counters.requests.add(1, ordering: .relaxed)
        let isFirst = connection.activity.phase == .fresh
        connection.activity = Activity(.receiving, since: now)
        if isFirst { table.headerArrived(connection, now: now) }

        connection.path = path
        connection.method = HTTPMethod(name: method)
        if case .route(let index) = routes.match(connection.rawPath, connection.method) { connection.routeIndex = Int32(index) }
        if connection.handle.hasUnclearLength {
            connection.hasUnclearLength = true
            return refuse(
                connection, 400, "unclear_length",
                "The header does not say in one way how long the body is. Send one Content-Length, or Transfer-Encoding: chunked.")
        }
        if connection.method == .GET || connection.method == .HEAD { return true }
        guard let length = connection.handle.contentLength else { return true }
        if length > bodyLimit(connection) {
            connection.isOversized = true
            return refuseOversized(connection)
        }
        if reserve(length, on: connection) { return true }
        connection.isOversized = true
        return refuse(connection, 503, "overloaded", "The server is taking many large requests at this moment. Try again.")
    }

    /// A piece of the body.
    ///
    /// - Returns: false when the client sends on and on, and the connection is to be cut.
    func receive(_ bytes: UnsafeRawBufferPointer, on connection: Connection) -> Bool {
        let limit = bodyLimit(connection)
        if connection.received + bytes.count > limit { connection.isOversized = true }
        connection.received += bytes.count
        if connection.isOversized {
            connection.body = []
            return connection.received <= limit + Self.discardLimit
        }
        guard connection.routeIndex >= 0 else { return true }
        // A body in chunks did not say beforehand how long it is.
        guard reserve(connection.received, on: connection) else { return false }
        if connection.body.isEmpty { connection.body.reserveCapacity(min(limit, connection.handle.contentLength ?? bytes.count)) }
        connection.body.append(contentsOf: bytes)
        return true
    }

    /// The answer was sent, or the client has gone.
    func finished(_ connection: Connection) {
        connection.forgetRequest()
        connection.activity = Activity(.idle, since: currentTicks())
    }

    /// Room for a body of so many bytes in all; given back when the request is over.
    private func reserve(_ bytes: Int, on connection: Connection) -> Bool {
        guard bytes > BodyBudget.small, bytes > connection.reserved else { return true }
        guard budget.take(bytes - connection.reserved) else { return false }
        connection.reserved = bytes
        return true
    }

    func refuseOversized(_ connection: Connection) -> Bool {
        let limit = bodyLimit(connection)
        return refuse(connection, 413, "body_too_large", "The body is larger than \(limit) bytes. Send less.")
    }

    /// Where no route is, the body is dropped, up to a limit.
    private func bodyLimit(_ connection: Connection) -> Int {
        connection.routeIndex >= 0 ? routes.routes[Int(connection.routeIndex)].bodyLimit : Self.discardLimit
    }
}
