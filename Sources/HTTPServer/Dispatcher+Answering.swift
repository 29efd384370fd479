private import Synchronization

/// From the complete request to its answer.
extension Dispatcher {
    /// Acts on the connection's turn, in its HTTP thread.
    ///
    /// - Returns: false to close the connection without an answer.
    func proceed(_ connection: Connection) -> Bool {
        switch connection.turn {
        case .receiving:
            connection.activity = Activity(.serving, since: connection.activity.since)
            return answer(connection)
        case .woken(let waking): return callInline(connection, waking)
        case .answered(let response): return send(response, on: connection)
        case .lost: return false
        case .parked, .working: preconditionFailure("A suspended connection is left alone until it is resumed.")
        }
    }

    /// Runs the handler of a suspended connection on a worker thread, and resumes it.
    func work(on connection: Connection) {
        let request = HTTPRequest(live: connection)
        if let work = connection.work {
            connection.work = nil
            switch work(request) {
            case .respond(let response): connection.turn = .answered(response)
            case .handleAgain: connection.turn = .woken(.resumed)
            }
        } else if case .worker(let handle) = routes.routes[Int(connection.routeIndex)].handler {
            connection.turn = .answered(handle(request))
        } else {
            preconditionFailure("A connection in the queue has work to be done.")
        }
        // From here on it is the HTTP thread's again.
        connection.handle.resume()
    }

    private func answer(_ connection: Connection) -> Bool {
        if connection.hasMalformedURL {
            return refuse(connection, 400, "malformed_url", "The URL is not percent-encoded UTF-8. Encode it as RFC 3986 says.")
        }
        if let reason = connection.unwanted { return refuse(connection, reason) }
        guard connection.routeIndex >= 0 else { return refuseUnrouted(connection) }
        switch routes.routes[Int(connection.routeIndex)].handler {
        case .inline: return callInline(connection, nil)
        case .worker: return submit(connection)
        }
    }

    private func refuseUnrouted(_ connection: Connection) -> Bool {
        switch routes.match(connection.rawPath, connection.method) {
        case .route: preconditionFailure("The route was looked for when the header came.")
        case .unknownPath: return refuse(connection, 404, "not_found", "There is nothing at this path.")
        case .unknownMethod(let allow):
            return refuse(connection, 405, "method_not_allowed", "This path has \(allow) only.", [("Allow", allow)])
        }
    }

    private func callInline(_ connection: Connection, _ waking: Waking?) -> Bool {
        guard case .inline(let handle) = routes.routes[Int(connection.routeIndex)].handler else {
            preconditionFailure("Only an inline handler is called again.")
        }
        let answer = handle(HTTPRequest(live: connection), waking)
        switch answer {
        case .respond(let response): return send(response, on: connection)
        case .prepared(let response): return connection.handle.queue(response)
        case .worker(let work):
            connection.work = work
            return submit(connection)
        case .park(let parking):
            let mustAnswer = waking == .superseded || waking == .shuttingDown
            precondition(!mustAnswer, "A request that was superseded, or whose server stops, is answered.")
            return park(connection, parking)
        }
    }

    private func park(_ connection: Connection, _ parking: Parking) -> Bool {
        let now = currentTicks()
        let wait = ContinuousClock.now.duration(to: parking.deadline).ticks
        connection.parkedState = parking.state
        table.parks(connection, key: parking.key, until: now + wait, now: now)
        switch lot.enter(connection, parking) {
        case .parked: return true
        case .closed: return callAgain(connection, .shuttingDown, now)
        case .changed: return callAgain(connection, .changed, now)
        }
    }

    /// Calls the handler again at once, or, when that has happened many times in a row, after the thread's other connections.
    private func callAgain(_ connection: Connection, _ waking: Waking, _ now: Ticks) -> Bool {
        connection.activity = Activity(.serving, since: now)
        connection.repeats += 1
        if connection.repeats % Self.repeatLimit != 0 { return callInline(connection, waking) }
        connection.turn = .woken(waking)
        connection.handle.suspend()
        connection.handle.resume()
        return true
    }

    private func submit(_ connection: Connection) -> Bool {
        let taken = workers.submit(connection) {
            connection.turn = .working
            connection.handle.suspend()
        }
        if taken { return true }
        connection.work = nil
        counters.overloaded.add(1, ordering: .relaxed)
        return refuse(
            connection, 503, "overloaded", "The server has more to do than it can. Try again in a second.", [("Retry-After", "1")])
    }
}
