internal import Platform

/// One connection's events.
extension VarlinkServer {
    /// It has just come.
    func greet(_ connection: VarlinkConnection) {
        guard read(connection) else { return drop(connection) }
        settle(connection)
    }

    func serve(_ connection: VarlinkConnection, _ event: Poller.Event) {
        touch(connection)
        if event.readable, connection.interest.contains(.read) {
            guard read(connection) else { return drop(connection) }
        } else if event.hangUp {
            return drop(connection)
        }
        settle(connection)
    }

    /// Reads once and answers what is complete; false when the connection cannot go on.
    private func read(_ connection: VarlinkConnection) -> Bool {
        do {
            switch try connection.stream.read(into: &buffer) {
            case .bytes(let count):
                try connection.framer.feed(buffer[..<count]) { message throws(VarlinkError) in try take(message, connection) }
            case .wouldBlock: break
            case .closed: connection.phase = .finishing
            }
            return true
        } catch {
            return false  // Varlink has no reply to what is not a call; closing is the answer.
        }
    }

    private func take(_ message: ArraySlice<UInt8>, _ connection: VarlinkConnection) throws(VarlinkError) {
        guard connection.phase == .open else { return connection.held.append(Array(message)) }
        let call = try coder.decode(VarlinkCall.self, from: message)
        let outcome = service.answer(call) ?? handler(call, connection.id)
        guard !call.oneway else { return }
        switch outcome {
        case .reply(let parameters):
            coder.encode(reply: parameters, continues: false, to: &connection.output)
        case .error(let fault):
            coder.encode(fault: fault, to: &connection.output)
        case .stream(let parameters):
            coder.encode(reply: parameters, continues: call.more, to: &connection.output)
            if call.more { connection.phase = .streaming(method: call.method) }
        }
    }

    /// A stream ended: what waited behind it has its turn.
    func resume(_ connection: VarlinkConnection) {
        connection.phase = .open
        let held = connection.held
        connection.held = []
        do throws(VarlinkError) {
            for message in held { try take(message[...], connection) }
        } catch {
            connection.phase = .finishing
        }
    }

    /// Sends what can be sent, and drops a client that is gone, done, or takes too little.
    func settle(_ connection: VarlinkConnection) {
        defer { count(connection) }
        let alive = connection.flush() && connection.output.count <= limits.output
        guard alive, connection.phase != .finishing || !connection.output.isEmpty else { return drop(connection) }
        let wanted = connection.wantedInterest
        guard wanted != connection.interest else { return }
        connection.interest = wanted
        do throws(SystemError) {
            try poller.modify(connection.stream.descriptor, token: Self.tokenBit | connection.id.number, interest: wanted)
        } catch {
            drop(connection)  // Without events it would hang for ever.
        }
    }
}
