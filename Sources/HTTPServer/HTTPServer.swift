private import Glibc
private import Platform
private import Synchronization

/// An HTTP/1.1 server: routes, workers, parked requests, limits.
///
/// What the library cannot read as HTTP it refuses by itself, before any callback that could answer, with an HTML page and the status 400, 413,
/// 414, 431 or 505; libmicrohttpd 0.9.75 has no option for that page, and its one earlier callback, for the URI, can neither answer nor know what follows.
///
/// - Concurrency: any thread. It serves from `init` on, until `stop`, which is to be called: its threads keep it alive.
package final class HTTPServer: Sendable {
    /// Descriptors that are left for everything that is no connection.
    private static let reservedDescriptors = 256

    package let port: UInt16
    private let listener: ListeningSocket
    private let daemon: Daemon
    private let dispatcher: Dispatcher
    private let sweeper: WorkerThread
    private let stopped = Atomic<Bool>(false)

    /// - Parameters:
    ///   - lot: this server's alone.
    ///   - renderError: makes the body of the refusals that no handler sees: 400 `malformed_url` and `unclear_length`, 404 `not_found`, 405
    ///     `method_not_allowed`, 413 `body_too_large`, 503 `overloaded`.
    package init(
        configuration: HTTPServerConfiguration, routes: [Route], lot: ParkingLot, renderError: @escaping ErrorRenderer
    ) throws(HTTPServerError) {
        let descriptors = DescriptorLimit.raise()
        let connectionLimit = min(configuration.connectionLimit ?? .max, max(descriptors - Self.reservedDescriptors, 64))
        let table = ConnectionTable(policy: DeadlinePolicy(configuration))
        let counters = Counters()
        dispatcher = Dispatcher(
            routes: RouteTable(routes), lot: lot, table: table,
            addresses: AddressLimit(limit: configuration.connectionsPerAddress, exemptsLoopback: configuration.loopbackIsExempt),
            counters: counters, connectionLimit: connectionLimit, bodyMemory: configuration.bodyMemory, renderError: renderError)
        dispatcher.makeWorkers(threadLimit: configuration.workerThreads, queueLimit: configuration.workerQueueLimit)

        listener = try ListeningSocket(host: configuration.host, port: configuration.port)
        port = listener.port
        do throws(WorkerThreadError) {
            sweeper = try Sweeper(table: table, lot: lot, counters: counters).start()
        } catch {
            listener.close()
            throw HTTPServerError(code: .thread, operation: "start a thread", detail: "the system has none left", native: error.native)
        }
        do throws(HTTPServerError) {
            daemon = try Daemon(
                listener: listener, configuration: configuration,
                threads: configuration.threads ?? 2 * Cores.usable,
                connectionLimit: connectionLimit, dispatcher: dispatcher)
        } catch {
            table.close()
            sweeper.join()
            listener.close()
            throw error
        }
    }

    package var stats: HTTPServerStatistics {
        let counters = dispatcher.counters
        return HTTPServerStatistics(
            openConnections: dispatcher.table.count, parked: dispatcher.lot.count,
            queued: dispatcher.workers.queued, workerThreads: dispatcher.workers.threadCount,
            requests: counters.requests.load(ordering: .relaxed),
            overdueConnections: counters.overdue.load(ordering: .relaxed),
            shedConnections: counters.shed.load(ordering: .relaxed),
            lostClients: counters.lost.load(ordering: .relaxed),
            refusedConnections: counters.refused.load(ordering: .relaxed),
            overloadedRequests: counters.overloaded.load(ordering: .relaxed))
    }

    /// Stops in order: no new connections, every parked request answered, every request in hand finished, then the end.
    ///
    /// - Returns: false when a worker was still at it after `grace`; the server's threads are then left to the end of the process, because
    ///   what a worker uses cannot be taken from under it.
    @discardableResult
    package func stop(within grace: Duration = .seconds(5)) -> Bool {
        guard !stopped.exchange(true, ordering: .sequentiallyConsistent) else { return true }
        // From now on whoever comes is turned away. MHD_quiesce_daemon would do that too, but it races with the library's own threads
        // for the listener (0.9.75) and ends the process when it loses.
        dispatcher.beginStopping()
        dispatcher.lot.close()
        let end = currentTicks() + grace.ticks
        while dispatcher.table.busyCount > 0, currentTicks() < end { usleep(2_000) }
        dispatcher.table.close()
        sweeper.join()
        guard !dispatcher.workers.isBusy else { return false }
        dispatcher.workers.close()
        daemon.stop()
        return true
    }
}

extension DeadlinePolicy {
    fileprivate init(_ configuration: HTTPServerConfiguration) {
        self.init(
            header: configuration.requestHeaderDeadline.ticks, body: configuration.bodyDeadline.ticks,
            bodyStep: min(configuration.bodyDeadline, configuration.bodyStepDeadline).ticks, idle: configuration.idleTimeout.ticks,
            probe: configuration.lostClientProbe.ticks)
    }
}
