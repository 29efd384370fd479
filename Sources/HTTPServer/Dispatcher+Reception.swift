private import Synchronization

/// From accept to the last byte of the body. All in the connection's HTTP thread.
extension Dispatcher {
    func admits(_ address: PeerAddress?) -> Bool {
        if isStopping { return false }
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
        connection.headerAt = now
        connection.activity = Activity(.receiving, since: now)
        if isFirst { table.headerArrived(connection, now: now) }

        connection.path = path
        connection.method = HTTPMethod(name: method)
        if case .route(let index) = routes.match(connection.rawPath, connection.method) { connection.routeIndex = Int32(index) }
        if connection.handle.hasUnclearLength { return refuse(connection, .unclearLength) }
        if connection.method == .GET || connection.method == .HEAD { return true }
        guard let length = connection.handle.contentLength else { return true }
        if length > bodyLimit(connection) { return refuse(connection, .tooLarge) }
        // Room is taken as the body comes; where so much is not free now, most of it would come for nothing.
        if length > BodyBudget.small, length > budget.free { return refuse(connection, .noRoom) }
        return true
    }

    /// A piece of the body.
    ///
    /// - Returns: false when the client sends on and on, and the connection is to be cut.
    func receive(_ bytes: UnsafeRawBufferPointer, on connection: Connection) -> Bool {
        let limit = bodyLimit(connection)
        let before = connection.received
        connection.received += bytes.count
        if before / BodyBudget.small < connection.received / BodyBudget.small {
            connection.activity = table.policy.filling(since: connection.headerAt, now: currentTicks())
        }
        if connection.unwanted == nil, connection.routeIndex >= 0 || connection.received > limit {
            if connection.received > limit {
                connection.unwanted = .tooLarge
            } else if !makeRoom(for: connection, limit: limit) {
                connection.unwanted = .noRoom
            }
        }
        if connection.unwanted != nil {
            // The library sends no answer before the end of the body.
            connection.dropBody()
            return connection.received <= limit + Self.discardLimit
        }
        if connection.routeIndex >= 0 { connection.body.append(contentsOf: bytes) }
        return true
    }

    /// The answer was sent, or the client has gone.
    func finished(_ connection: Connection) {
        connection.forgetRequest()
        connection.activity = Activity(.idle, since: currentTicks())
    }

    /// Room for what has come of the body; given back when the request is over.
    private func makeRoom(for connection: Connection, limit: Int) -> Bool {
        let (received, room) = (connection.received, max(connection.reserved, BodyBudget.small))
        // A body in chunks did not say beforehand how long it is.
        let most = min(limit, connection.handle.contentLength ?? limit)
        guard received > room else {
            if connection.body.isEmpty { connection.body.reserveCapacity(min(most, room)) }
            return true
        }
        let (good, enough) = BodyBudget.steps(beyond: connection.reserved, received: received, most: most)
        for step in [good, enough] where budget.take(step - connection.reserved) {
            connection.reserved = step
            connection.body.reserveCapacity(step)
            return true
        }
        return false
    }

    func refuse(_ connection: Connection, _ reason: UnwantedBody) -> Bool {
        connection.unwanted = reason
        switch reason {
        case .tooLarge: return refuse(connection, 413, "body_too_large", "The body is larger than \(bodyLimit(connection)) bytes. Send less.")
        case .noRoom: return refuse(connection, 503, "overloaded", "The server is taking many large requests at this moment. Try again.")
        case .unclearLength:
            return refuse(
                connection, 400, "unclear_length",
                "The header does not say in one way how long the body is. Send one Content-Length, or Transfer-Encoding: chunked.")
        }
    }

    /// Where no route is, the body is dropped, up to a limit.
    private func bodyLimit(_ connection: Connection) -> Int {
        connection.routeIndex >= 0 ? routes.routes[Int(connection.routeIndex)].bodyLimit : Self.discardLimit
    }
}
