internal import Synchronization

/// One client's connection, from accept to close, and the request that it is serving.
///
/// It is as small as it can be, because 15,000 of them wait at a time: a parked request's header stays in the library's
/// buffer, and no string of it is kept here.
final class Connection: @unchecked Sendable {
    typealias Link = Unmanaged<Connection>

    let handle: ConnectionHandle
    /// Valid between the library's STARTED and CLOSED notices, so used under the ConnectionTable's lock only.
    let socket: Int32
    private let activityWord: Atomic<UInt64>

    // Guarded by the ConnectionTable's monitor.
    var next: Link?
    var previous: Link?
    var list = ConnectionList.Name.none
    var parkingDeadline: Ticks = 0

    // Guarded by the ParkingLot's shard while parked.
    var nextParked: Link?
    var lane: UInt32 = 0
    var subject: UInt64 = 0

    // Of whoever has the turn: the HTTP thread, or a worker while suspended.
    var turn = Turn.receiving
    var requestNumber: UInt32 = 0
    var routeIndex: Int32 = -1
    var method: HTTPMethod?
    var hasMalformedURL = false
    var unwanted: UnwantedBody?
    var repeats: UInt32 = 0
    var received = 0
    /// Of the budget for bodies.
    var reserved = 0
    /// When the request's header was complete.
    var headerAt: Ticks = 0
    var path: UnsafePointer<CChar>?
    var body: [UInt8] = []
    var work: (@Sendable (HTTPRequest) -> WorkerAnswer)?
    var parkedState: (any AnyObject & Sendable)?
    let dispatcher: Unmanaged<Dispatcher>

    init(handle: ConnectionHandle, socket: Int32, dispatcher: Unmanaged<Dispatcher>, now: Ticks) {
        self.handle = handle
        self.socket = socket
        self.dispatcher = dispatcher
        activityWord = Atomic(Activity(.fresh, since: now).word)
    }

    var activity: Activity {
        get { Activity(word: activityWord.load(ordering: .acquiring)) }
        set { activityWord.store(newValue.word, ordering: .releasing) }
    }

    /// Forgets the request that was answered, so that nothing of it stays while the connection is idle.
    func forgetRequest() {
        turn = .receiving
        requestNumber &+= 1
        routeIndex = -1
        method = nil
        hasMalformedURL = false
        unwanted = nil
        repeats = 0
        received = 0
        path = nil
        dropBody()
        work = nil
        parkedState = nil
    }

    /// Frees the body's memory, and its room.
    func dropBody() {
        if !body.isEmpty { body = [] }
        if reserved > 0 {
            dispatcher.takeUnretainedValue().budget.release(reserved)
            reserved = 0
        }
    }
}
