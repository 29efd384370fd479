import BackOffice
import Glibc
import HTTPServer
import Signing
import Store
import StoreSQLite
import Synchronization
import TestSupport
import Wire

/// The back office with its real store and real HTTP server in this process, under a clock that the test moves.
final class InProcess: Sendable {
    let clock: ManualClock
    private let token: String
    private let database: SQLiteStore
    private let server: HTTPServer
    private let directory: TemporaryDirectory

    /// The services behind the interface, for what no call reaches: time that passes.
    let backOffice: BackOffice

    private let isStopped = Atomic<Bool>(false)

    /// - Parameters:
    ///   - messaging: the providers; with any, the courier runs, on the real clock's threads but by the test's clock.
    ///   - earlier: is stopped, and this one goes on with its clock and its store, as after a restart.
    ///   - around: what the back office has in the store's place.
    ///   - passwordCost: of a password's hash; less than the real one, which takes a tenth of a second each time.
    ///   - isChecking: whether an account's owner is being asked what level 1 may not see.
    ///   - pins: the keys that terminals are told to expect; `ownPin`: the one in use.
    init(
        messaging: MessagingConfiguration? = nil, terms: LeaseIssuer.Terms = LeaseIssuer.Terms(), after earlier: InProcess? = nil,
        around: (any Store) -> any Store = { $0 },
        passwordCost: PasswordHash.Cost = PasswordHash.Cost(logN: 4, r: 8, p: 1), isChecking: Discretion.IsChecking? = nil,
        pins: [CertificatePin]? = nil, ownPin: CertificatePin? = nil
    ) throws {
        earlier?.stop()
        let clock = earlier?.clock ?? ManualClock()
        self.clock = clock
        directory = try earlier?.directory ?? TemporaryDirectory()
        let store = try SQLiteStore(path: directory.file("store.db"))
        database = store
        let lot = ParkingLot()
        let backOffice = try BackOffice(
            environment: Environment(store: around(store)) { clock.now }, terms: terms, lot: lot,
            messaging: messaging ?? MessagingConfiguration(), pins: pins, ownPin: ownPin, passwordCost: passwordCost, isChecking: isChecking)
        self.backOffice = backOffice
        server = try HTTPServer(configuration: HTTPServerConfiguration(), routes: backOffice.routes(), lot: lot) { status, _, detail in
            backOffice.errorResponse(status: status, detail: detail)
        }
        token = try earlier?.token ?? backOffice.tokens.issue(name: "admin", role: .admin, by: .system)
        if messaging != nil { try backOffice.startSending() }
    }

    var store: any Store { database }

    /// With an administrator's token.
    var api: API { API(port: server.port, token: token, of: self) }

    func backUp(to name: String) throws { try database.backup(to: directory.file(name)) }

    /// Stops, and puts a backup in the store's place, for a back office that goes on after this one.
    func restore(from name: String) throws {
        stop()
        for suffix in ["", "-wal", "-shm"] { unlink(directory.file("store.db" + suffix)) }
        try SQLiteStore.restore(from: directory.file(name), to: directory.file("store.db"), now: clock.now)
    }

    deinit { stop() }

    func stop() {
        guard !isStopped.exchange(true, ordering: .acquiringAndReleasing) else { return }
        server.stop()
        backOffice.courier.stop()
        database.close()
    }
}
