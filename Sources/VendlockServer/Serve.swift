import BackOffice
import Glibc
import HTTPServer
import PhoneNumbers
import Platform
import Store
import StoreSQLite
import Wire

/// `vendlock-server serve`: composes store, back office and HTTP, and runs until it is told to stop.
struct Serve {
    let arguments: Arguments
    let environment: [String: String]

    static let options: [Arguments.Option] = [.value("config"), .value("data"), .value("listen")]
    /// How often what is only in memory is written down.
    private static let flushInterval = Duration.seconds(10)
    private static let crowd = 256

    func run() throws {
        // A peer that closes early must be an error of its write, not the end of the server.
        signal(SIGPIPE, SIG_IGN)
        // Before any thread is made, as malloc asks.
        Heap.limitArenas(to: 2)
        // Before any thread is made, so that all of them leave these signals to us.
        let signals = try SignalSource([.terminate, .interrupt, .hangUp])
        let service = try ServiceManager(environment: environment)
        let configuration = try arguments.value("config").map { try ConfigFile.load(ServerConfiguration.self, from: $0) } ?? ServerConfiguration()
        let terms = try configuration.terms()
        let address = try ListenAddress(arguments.value("listen") ?? configuration.listen ?? ServerConfiguration.defaultListen)
        let directory = DataDirectory(
            path: arguments.value("data") ?? configuration.data ?? environment["VENDLOCK_DATA"] ?? ServerConfiguration.defaultDirectory)
        let material = try configuration.tls?.load()
        let tls = material?.pair
        let messaging = try configuration.messaging()
        let region = configuration.default_region ?? "ZA"
        do { _ = try PhoneNumberReader(region: region) } catch { throw CommandLineError("default_region: \(error)") }
        if let store = configuration.store {
            throw CommandLineError("store is '\(store.prefix { $0 != ":" })…': this version keeps its store in SQLite; leave 'store' out")
        }
        try directory.create()
        let store = try SQLiteStore(path: directory.store)
        let lot = ParkingLot()
        let backOffice = try BackOffice(
            environment: Environment(store: store) { Timestamp(unixMilliseconds: WallClock.now()) }, terms: terms, lot: lot, region: region,
            messaging: messaging, isOverTLS: tls != nil, pins: material?.pins, ownPin: material?.ownPin)
        try makeAdministrator(directory, backOffice)
        let warnings = try configuration.messagingWarnings(messaging) + configuration.webhookWarnings()
        for warning in (material?.warnings ?? []) + backOffice.pins.warnings + warnings { Log.warning(warning) }

        var http = HTTPServerConfiguration(host: address.host, port: address.port)
        http.tls = tls
        http.connectionsPerAddress = configuration.limits?.connections_per_address ?? http.connectionsPerAddress
        // What a parked terminal costs is mostly this. It holds a request line and some 2 KiB in 15 headers.
        http.connectionMemory = 2816
        let httpLog = CalmLog(prefix: "http")
        http.diagnostics = { httpLog.warning($0) }
        let server = try HTTPServer(configuration: http, routes: backOffice.routes(), lot: lot) { status, _, detail in
            backOffice.errorResponse(status: status, detail: detail)
        }
        Log.info(
            "vendlock-server \(vendlockVersion) listens on \(ListenAddress.url(host: address.host, port: server.port, secure: tls != nil)), data in \(directory.path)"
        )
        if let pin = material?.ownPin { Log.info("the pin of this server's key is \(pin)") }
        try backOffice.startSending()
        service.tell(.ready)
        try wait(for: signals, service: service, lot: lot, tick: { try backOffice.tick() }, flush: { backOffice.flush() })

        service.tell(.stopping)
        Log.info("stopping: answering \(lot.count) parked polls")
        if !server.stop() { Log.warning("a request was still at work and was left to itself") }
        backOffice.courier.stop()
        backOffice.flush()
        store.close()
        Log.info("stopped")
    }

    /// Returns when the server is to stop.
    private func wait(
        for signals: SignalSource, service: ServiceManager, lot: ParkingLot, tick: () throws -> Void, flush: () -> Void
    ) throws {
        let poller = try Poller()
        try poller.register(signals.descriptor, token: 0, interest: .read)
        let tickLog = CalmLog(prefix: "store")
        var trimmedAt = 0
        var lastCount = 0
        var flushAt = Uptime.now() + Self.flushInterval
        while true {
            _ = try poller.ready(timeout: .seconds(1))
            do { try tick() } catch { tickLog.warning("\(error)") }
            if Uptime.now() >= flushAt {
                flush()
                flushAt = Uptime.now() + Self.flushInterval
            }
            // Terminals that came or went in a crowd have left holes behind what was needed to receive them.
            let count = lot.count
            if count == lastCount, abs(count - trimmedAt) >= Self.crowd {
                trimmedAt = count
                Heap.trim()
            }
            lastCount = count
            while let signal = try signals.next() {
                guard signal == .hangUp else { return }
                Log.info("the configuration is read at start only: restart the server to change it")
            }
            // Here and nowhere else: a turn that hangs, in the store above all, starves the watchdog.
            service.turned(at: Uptime.now())
        }
    }

    /// The first start, or one after the file was lost, issues an administrator's token.
    private func makeAdministrator(_ directory: DataDirectory, _ backOffice: BackOffice) throws {
        guard try !File.exists(directory.adminToken) else { return }
        if try backOffice.tokens.list().tokens.contains(where: { $0.name == "admin" && $0.revoked_at == nil }) {
            try backOffice.tokens.revoke(name: "admin", by: .system)
        }
        let token = try backOffice.tokens.issue(name: "admin", role: .admin, by: .system)
        try AtomicFile.write(Array((token + "\n").utf8), to: directory.adminToken, mode: 0o600)
        Log.info("administrator's token written to \(directory.adminToken)")
    }
}

/// What lies where in the data directory.
struct DataDirectory {
    let path: String
    var store: String { path + "/store.db" }
    var adminToken: String { path + "/admin-token" }

    func create() throws { try Directory.create(path, mode: 0o700) }
}
