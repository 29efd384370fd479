package import Platform

/// Serves Varlink on a Unix socket, within the caller's loop: `handle` does what the poller's events allow, and never blocks.
package final class VarlinkServer {
    package typealias Handler = (VarlinkCall, ConnectionID) -> VarlinkOutcome

    package struct Limits: Sendable {
        /// Clients at once; the next one takes the place of the one that was idle longest.
        package var clients = 256
        /// Bytes of one call.
        package var message = VarlinkFramer.defaultLimit
        /// Bytes that wait for one client; one that takes fewer is dropped.
        package var output = 256 * 1024

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
    var connections: [ConnectionID: VarlinkConnection] = [:]
    private var lastNumber: UInt64 = 0
    private var uses: UInt64 = 0
    var buffer = [UInt8](repeating: 0, count: 16 * 1024)

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
    package func handle(_ events: [Poller.Event]) throws(SystemError) {
        for event in events where event.token & Self.tokenBit != 0 {
            if event.token == Self.tokenBit {
                try acceptAll()
            } else if let connection = connections[ConnectionID(number: event.token & ~Self.tokenBit)] {
                serve(connection, event)
            }
        }
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
    package func peer(of id: ConnectionID) throws(SystemError) -> Peer? { try connections[id]?.stream.peer() }

    private func acceptAll() throws(SystemError) {
        while true {
            do {
                guard let stream = try listener.accept() else { return }
                if connections.count >= limits.clients { dropIdlest() }
                try add(stream)
            } catch  where error.isOutOfDescriptors {
                // With none to drop, the caller waits in the listener's queue: the gate's other work goes on.
                guard !connections.isEmpty else { return }
                dropIdlest()
            }
        }
    }

    private func add(_ stream: UnixStream) throws(SystemError) {
        lastNumber += 1
        let connection = VarlinkConnection(ConnectionID(number: lastNumber), stream, limit: limits.message)
        touch(connection)
        try poller.register(stream.descriptor, token: Self.tokenBit | lastNumber, interest: .read)
        connections[connection.id] = connection
    }

    func touch(_ connection: VarlinkConnection) {
        uses += 1
        connection.lastUsed = uses
    }

    /// One that streams waits by nature: it goes only when all do.
    private func dropIdlest() {
        let idle = connections.values.filter { $0.phase == .open }
        let candidates = idle.isEmpty ? Array(connections.values) : idle
        if let idlest = candidates.min(by: { $0.lastUsed < $1.lastUsed }) { drop(idlest) }
    }

    /// Closing the socket removes it from the poller.
    func drop(_ connection: VarlinkConnection) { connections[connection.id] = nil }
}
