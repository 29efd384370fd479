package import Platform

/// Serves Varlink on a Unix socket, within the caller's loop: `handle` does what the poller's events allow, and never blocks.
package final class VarlinkServer {
    package typealias Handler = (VarlinkCall, ConnectionID) -> VarlinkOutcome

    package struct Limits: Sendable {
        /// Clients at once; the next one takes the place of the one that was idle longest, of the user who has most.
        package var clients = 256
        /// Bytes of one call.
        package var message = VarlinkFramer.defaultLimit
        /// Bytes that wait for one client; one that takes fewer is dropped.
        package var output = 256 * 1024
        /// Bytes kept for all clients together; beyond, the one that costs most is dropped.
        package var memory = 2 << 20
        /// Clients that are served in one `handle`: the caller's other work has its turn in between.
        package var turn = 32
        /// Clients that are let in in one `handle`.
        package var arrivals = 64

        package init() {}
    }

    /// Events whose token has this bit are the server's; the caller gives others no such token.
    package static let tokenBit: UInt64 = 1 << 63

    private let listener: UnixListener
    let poller: Poller
    let service: VarlinkService
    let limits: Limits
    let handler: Handler
    let coder = VarlinkCoder()
    private(set) var connections: [ConnectionID: VarlinkConnection] = [:]
    /// Connections by user.
    private var population: [UInt32: Int] = [:]
    private var lastNumber: UInt64 = 0
    private var uses: UInt64 = 0
    /// Of all connections' `counted`.
    private var weight = 0
    /// A client that sends many calls at once has some of them answered, then it is the others' turn: two or three of ours fit.
    var buffer = [UInt8](repeating: 0, count: 512)

    /// `handler` gets the calls of the service's own interfaces; for a member that it does not know it returns `methodNotFound`.
    package init(
        listener: UnixListener, poller: Poller, service: VarlinkService, limits: Limits = Limits(), handler: @escaping Handler
    ) throws(SystemError) {
        self.listener = listener
        self.poller = poller
        self.service = service
        self.limits = limits
        self.handler = handler
        try poller.register(listener.descriptor, token: Self.tokenBit, interest: .read)
    }

    deinit {
        do throws(SystemError) {
            try poller.remove(listener.descriptor)
        } catch {
            // The listener closes now, and that removes it too.
        }
    }

    package var clientCount: Int { connections.count }

    /// Does what these events call for; those of others are left alone.
    ///
    /// Who was served longest ago comes first, and who has no turn in this call is still ready at the next: however many are greedy, one
    /// who asks now and then does not wait behind them.
    package func handle(_ events: [Poller.Event]) throws(SystemError) {
        var ready: [(connection: VarlinkConnection, event: Poller.Event)] = []
        var isKnocking = false
        for event in events where event.token & Self.tokenBit != 0 {
            if event.token == Self.tokenBit {
                isKnocking = true
            } else if let connection = connections[ConnectionID(number: event.token & ~Self.tokenBit)] {
                ready.append((connection, event))
            }
        }
        if ready.count > limits.turn { ready.sort { $0.connection.lastUsed < $1.connection.lastUsed } }
        // What one asks for may end another.
        for (connection, event) in ready.prefix(limits.turn) where connections[connection.id] != nil { serve(connection, event) }
        // Those who come take the places of others: only after these have had their turn.
        if isKnocking { try acceptSome() }
    }

    /// Ends the connections of these.
    package func drop(where isUnwanted: (Peer) -> Bool) {
        for connection in Array(connections.values) where isUnwanted(connection.peer) { drop(connection) }
    }

    /// A further reply to a call that streams, the last one without `continues`. False when that client is gone or streams nothing.
    @discardableResult
    package func push(_ id: ConnectionID, _ parameters: any Encodable, continues: Bool) -> Bool {
        guard let connection = connections[id], case .streaming = connection.phase else { return false }
        coder.encode(reply: parameters, continues: continues, to: &connection.output)
        if !continues { resume(connection) }
        settle(connection)
        return connections[id] != nil
    }

    /// The clients that a call of that method streams to, the oldest first.
    package func streaming(_ method: String) -> [ConnectionID] {
        connections.values.filter { $0.phase == .streaming(method: method) }.map(\.id).sorted()
    }

    /// A further reply to every call of that method that streams; made once for all.
    package func pushAll(_ method: String, _ parameters: any Encodable) {
        let streaming = connections.values.filter { $0.phase == .streaming(method: method) }
        guard !streaming.isEmpty else { return }
        var message: [UInt8] = []
        coder.encode(reply: parameters, continues: true, to: &message)
        for connection in streaming {
            connection.output += message
            settle(connection)
        }
    }

    /// The process at the other end.
    package func peer(of id: ConnectionID) -> Peer? { connections[id]?.peer }

    private func acceptSome() throws(SystemError) {
        for _ in 0..<limits.arrivals {
            do {
                guard let stream = try listener.accept() else { return }
                if connections.count >= limits.clients { dropOne() }
                // Most have asked by now. They are answered at once: however many come after them, none loses its place before that.
                greet(try add(stream))
            } catch  where error.isOutOfDescriptors {
                // With none to drop, the caller waits in the listener's queue: the gate's other work goes on.
                guard !connections.isEmpty else { return }
                dropOne()
            }
        }
    }

    private func add(_ stream: UnixStream) throws(SystemError) -> VarlinkConnection {
        lastNumber += 1
        let connection = VarlinkConnection(ConnectionID(number: lastNumber), stream, try stream.peer(), limit: limits.message)
        touch(connection)
        try poller.register(stream.descriptor, token: Self.tokenBit | lastNumber, interest: .read)
        connections[connection.id] = connection
        population[connection.peer.uid, default: 0] += 1
        return connection
    }

    func touch(_ connection: VarlinkConnection) {
        uses += 1
        connection.lastUsed = uses
    }

    /// Of the user who has most connections the one that was idle longest. One that streams waits by nature: it goes only when all do.
    private func dropOne() {
        let most = population.values.max() ?? 0
        var idlest: VarlinkConnection?
        for connection in connections.values where population[connection.peer.uid] == most {
            if let other = idlest, (other.phase == .open ? 0 : 1, other.lastUsed) < (connection.phase == .open ? 0 : 1, connection.lastUsed) {
                continue
            }
            idlest = connection
        }
        if let idlest { drop(idlest) }
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
        let left = population[connection.peer.uid, default: 1] - 1
        population[connection.peer.uid] = left > 0 ? left : nil
    }
}
