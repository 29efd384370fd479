package import Platform

/// Serves Varlink on a Unix socket, within the caller's loop: `handle` does what the poller's events allow, and never blocks.
package final class VarlinkServer {
    package typealias Handler = (VarlinkCall, ConnectionID) -> VarlinkOutcome

    package struct Limits: Sendable {
        /// Clients at once; the next one takes the place of another: see `makeRoom`.
        package var clients = 256
        /// Bytes of one call.
        package var message = VarlinkFramer.defaultLimit
        /// Bytes that wait for one client; one that takes fewer is dropped.
        package var output = 256 * 1024
        /// Bytes kept for all clients together; beyond, the one that costs most is dropped.
        package var memory = 2 << 20
        /// Clients that are served in one `handle`: the caller's other work has its turn in between.
        package var turn = 16
        /// Clients that are let in in one `handle`: as many as the listener's queue holds, so that nobody waits there longer than that.
        package var arrivals = 128
        /// A process with more connections than this waits until those with fewer have been served.
        package var few = 4

        package init() {}
    }

    /// Events whose token has this bit are the server's; the caller gives others no such token.
    package static let tokenBit: UInt64 = 1 << 63

    let listener: UnixListener
    let poller: Poller
    let service: VarlinkService
    let limits: Limits
    let handler: Handler
    let coder = VarlinkCoder()
    var connections: [ConnectionID: VarlinkConnection] = [:]
    /// Whose connections they are, by user and by process.
    var users: [UInt32: VarlinkCrowd] = [:]
    var processes: [Int32: VarlinkCrowd] = [:]
    var lastNumber: UInt64 = 0
    private var uses: UInt64 = 0
    /// Of all connections' `counted`.
    var weight = 0
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
    /// Processes with few connections come first, and among equals who was served longest ago; who has no turn in this call is still ready at
    /// the next. So however many are greedy, one who asks now and then does not wait behind them.
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
        if ready.count > limits.turn { ready.sort { precedes($0.connection, $1.connection) } }
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

    func touch(_ connection: VarlinkConnection) {
        uses += 1
        connection.lastUsed = uses
    }
}
