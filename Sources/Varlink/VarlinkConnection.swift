internal import Platform

/// One client of a server: what it has sent in part, what it has yet to read.
final class VarlinkConnection {
    enum Phase: Equatable {
        /// Takes calls.
        case open
        /// Owes further replies to one call; calls that came after it wait.
        case streaming(method: String)
        /// The client sends no more; it still gets what it is owed.
        case finishing
    }

    let id: ConnectionID
    let stream: UnixStream
    /// Who connected.
    let peer: Peer
    /// Those of the same user, and of the same process.
    let user: VarlinkCrowd
    let process: VarlinkCrowd
    var phase = Phase.open
    /// Complete messages that came behind a call that streams: no more than one read holds.
    var held: [[UInt8]] = []
    var framer: VarlinkFramer
    /// The server's count of events when this one was last used.
    var lastUsed: UInt64 = 0
    /// What the poller was told.
    var interest = Poller.Interest.read
    /// Bytes that the client did not take yet.
    var output: [UInt8] = []

    /// What `weight` was when the server last counted it.
    var counted = 0

    init(_ id: ConnectionID, _ stream: UnixStream, _ peer: Peer, _ user: VarlinkCrowd, _ process: VarlinkCrowd, limit: Int) {
        self.user = user
        self.process = process
        self.id = id
        self.stream = stream
        self.peer = peer
        framer = VarlinkFramer(limit: limit)
    }

    /// Reading stops while the client does not take its replies, or streams: it cannot fill memory.
    var wantedInterest: Poller.Interest {
        if !output.isEmpty { return .write }
        return phase == .open ? .read : []
    }

    /// Bytes that are kept for it.
    var weight: Int { framer.count + output.count + held.reduce(0) { $0 + $1.count } }

    /// Sends what the client takes now; false when it is gone.
    func flush() -> Bool {
        while !output.isEmpty {
            do throws(SystemError) {
                switch try stream.write(output[...]) {
                case .bytes(let count) where count == output.count: output.removeAll(keepingCapacity: count <= 4096)
                case .bytes(let count): output.removeFirst(count)
                case .wouldBlock: return true
                case .closed: return false
                }
            } catch {
                return false  // Whatever it was, this client gets no more.
            }
        }
        return true
    }
}
