internal import Synchronization

/// What renders an error that the server itself answers: status, stable code, detail.
package typealias ErrorRenderer = @Sendable (_ status: Int, _ code: String, _ detail: String) -> HTTPResponse

/// Stands between the library's callbacks and the handlers: what comes in, who answers, what goes out.
final class Dispatcher: @unchecked Sendable {
    /// Bytes of a refused body that are read and dropped, so that the refusal reaches the client and the connection lives on.
    static let discardLimit = 256 * 1024
    /// How often in a row a handler may be called again because its subject was woken meanwhile, before others get a turn.
    static let repeatLimit: UInt32 = 8

    let routes: RouteTable
    let lot: ParkingLot
    let table: ConnectionTable
    let addresses: AddressLimit
    let counters: Counters
    let connectionLimit: Int
    let budget: BodyBudget
    private let renderError: ErrorRenderer
    private let stopping = Atomic<Bool>(false)
    /// Set once, before the first connection.
    private(set) var workers: WorkerPool!

    init(
        routes: RouteTable, lot: ParkingLot, table: ConnectionTable, addresses: AddressLimit, counters: Counters,
        connectionLimit: Int, bodyMemory: Int, renderError: @escaping ErrorRenderer
    ) {
        self.routes = routes
        self.lot = lot
        self.table = table
        self.addresses = addresses
        self.counters = counters
        self.connectionLimit = connectionLimit
        budget = BodyBudget(limit: bodyMemory)
        self.renderError = renderError
    }

    /// Makes the threads for handlers that block.
    func makeWorkers(threadLimit: Int, queueLimit: Int) {
        workers = WorkerPool(threadLimit: threadLimit, queueLimit: queueLimit) { [unowned self] in work(on: $0) }
    }

    var isStopping: Bool { stopping.load(ordering: .relaxed) }

    /// From now on every answer closes its connection.
    func beginStopping() { stopping.store(true, ordering: .sequentiallyConsistent) }

    func send(_ response: HTTPResponse, on connection: Connection) -> Bool {
        connection.handle.queue(response, closing: isStopping || connection.unwanted != nil)
    }

    func refuse(
        _ connection: Connection, _ status: Int, _ code: String, _ detail: String, _ headers: [(name: String, value: String)] = []
    ) -> Bool {
        var response = renderError(status, code, detail)
        response.headers += headers
        return send(response, on: connection)
    }
}
