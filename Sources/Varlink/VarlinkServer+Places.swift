internal import Platform

/// Who is let in, and who has to go for it.
extension VarlinkServer {
    func acceptSome() throws(SystemError) {
        for _ in 0..<limits.arrivals {
            do {
                guard let stream = try listener.accept() else { return }
                if connections.count >= limits.clients { makeRoom() }
                let connection = try add(stream)
                // Most have asked by now. One of few is answered at once: however many come after it, it does not lose its place before that.
                if connection.process.count <= limits.few { greet(connection) }
            } catch  where error.isOutOfDescriptors {
                // With none to drop, the caller waits in the listener's queue: the gate's other work goes on.
                guard !connections.isEmpty else { return }
                makeRoom()
            }
        }
    }

    private func add(_ stream: UnixStream) throws(SystemError) -> VarlinkConnection {
        lastNumber += 1
        let peer = try stream.peer()
        try poller.register(stream.descriptor, token: Self.tokenBit | lastNumber, interest: .read)
        let user = users[peer.uid] ?? VarlinkCrowd()
        let process = processes[peer.pid] ?? VarlinkCrowd()
        let connection = VarlinkConnection(ConnectionID(number: lastNumber), stream, peer, user, process, limit: limits.message)
        touch(connection)
        user.count += 1
        process.count += 1
        users[peer.uid] = user
        processes[peer.pid] = process
        connections[connection.id] = connection
        return connection
    }

    /// Of the user who has most connections, of that user's process that has most, the one that was idle longest goes. One that streams waits by
    /// nature: it goes only when all do.
    private func makeRoom() {
        var first: (rank: (Int, Int, Int, UInt64), connection: VarlinkConnection)?
        for connection in connections.values {
            let rank = (-connection.user.count, -connection.process.count, connection.phase == .open ? 0 : 1, connection.lastUsed)
            if let first, first.rank < rank { continue }
            first = (rank, connection)
        }
        if let first { drop(first.connection) }
    }

    /// Whose turn comes first.
    func precedes(_ left: VarlinkConnection, _ right: VarlinkConnection) -> Bool {
        let isFew = (left: left.process.count <= limits.few, right: right.process.count <= limits.few)
        return isFew.left == isFew.right ? left.lastUsed < right.lastUsed : isFew.left
    }

    /// After whatever may have changed what is kept for it.
    func count(_ connection: VarlinkConnection) {
        guard connections[connection.id] != nil else { return }
        weight += connection.weight - connection.counted
        connection.counted = connection.weight
        while weight > limits.memory, let heaviest = connections.values.max(by: { $0.counted < $1.counted }) { drop(heaviest) }
    }

    /// Closing the socket removes it from the poller.
    func drop(_ connection: VarlinkConnection) {
        guard connections.removeValue(forKey: connection.id) != nil else { return }
        weight -= connection.counted
        connection.counted = 0
        connection.user.count -= 1
        connection.process.count -= 1
        if connection.user.count == 0 { users[connection.peer.uid] = nil }
        if connection.process.count == 0 { processes[connection.peer.pid] = nil }
    }
}
