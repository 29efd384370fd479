import BackOffice
import HTTPServer
import Store
import StoreSQLite
import TestSupport
import Wire

/// The back office with its real store and real HTTP server in this process, under a clock that the test moves.
final class InProcess: Sendable {
    let clock: ManualClock
    private let token: String
    private let store: SQLiteStore
    private let server: HTTPServer
    private let directory: TemporaryDirectory

    init() throws {
        let clock = ManualClock()
        self.clock = clock
        directory = try TemporaryDirectory()
        store = try SQLiteStore(path: directory.file("store.db"))
        let lot = ParkingLot()
        let backOffice = try BackOffice(environment: Environment(store: store) { clock.now }, terms: LeaseIssuer.Terms(), lot: lot)
        server = try HTTPServer(configuration: HTTPServerConfiguration(), routes: backOffice.routes(), lot: lot) { status, _, detail in
            backOffice.errorResponse(status: status, detail: detail)
        }
        token = try backOffice.tokens.issue(name: "admin", role: .admin, by: .system)
    }

    /// With an administrator's token.
    var api: API { API(port: server.port, token: token, of: self) }

    deinit {
        server.stop()
        store.close()
    }
}
