/// What the server does now, and has done since the start.
package struct HTTPServerStatistics: Sendable {
    package var openConnections: Int
    package var parked: Int
    /// Requests that wait for a worker thread.
    package var queued: Int
    package var workerThreads: Int
    /// Counts from here on. Requests whose header was complete.
    package var requests: Int
    /// Connections cut off for being too slow.
    package var overdueConnections: Int
    /// Connections cut off while waiting for a header, because the limit was reached.
    package var shedConnections: Int
    /// Parked clients that went away.
    package var lostClients: Int
    /// Connections refused because their address had too many.
    package var refusedConnections: Int
    /// Requests answered 503 because the workers' queue was full.
    package var overloadedRequests: Int
}
