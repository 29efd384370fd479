/// How a server listens, and what it takes from its clients.
package struct HTTPServerConfiguration: Sendable {
    /// An IPv4 or IPv6 address, or a name that resolves to one; `::` takes both families.
    package var host: String
    /// 0 takes any free port.
    package var port: UInt16
    /// PEM texts; nil serves plain HTTP.
    package var tls: (certificatePEM: String, keyPEM: String)?
    /// HTTP threads; nil is two for each core that may be used: to resume one connection the library (0.9.75) walks over all that its thread has
    /// parked, so more threads make shorter walks.
    package var threads: Int?
    package var workerThreads = 64
    /// Requests that wait for a worker; beyond, 503.
    package var workerQueueLimit = 4096
    /// Open connections; nil is what RLIMIT_NOFILE allows (raised to its hard limit), less 256 for everything else.
    package var connectionLimit: Int?
    /// High, because a mobile network puts many terminals behind one address. An IPv6 /64 counts as one.
    package var connectionsPerAddress = 1024
    /// A reverse proxy connects from loopback, with everybody's connections.
    package var loopbackIsExempt = true
    /// Bytes for one connection's buffers; the longest header that fits is a little shorter.
    package var connectionMemory = 4096
    /// Bytes that the bodies of all requests may take together, those of 64 KiB and less not counted; beyond, 503.
    package var bodyMemory = 64 << 20
    /// From accept to the first complete header.
    package var requestHeaderDeadline = Duration.seconds(10)
    /// From the header to the complete body.
    package var bodyDeadline = Duration.seconds(30)
    /// For each 64 KiB of a larger body; longer than a network that loses packets pauses.
    package var bodyStepDeadline = Duration.seconds(10)
    /// From an answer to the next complete header.
    package var idleTimeout = Duration.seconds(60)
    /// How often a parked client is looked for.
    package var lostClientProbe = Duration.seconds(5)
    /// What the HTTP library reports, a line each, as for each connection that breaks; called in the HTTP threads, so it must not
    /// block. nil drops it.
    package var diagnostics: (@Sendable (String) -> Void)?

    package init(host: String = "127.0.0.1", port: UInt16 = 0) {
        self.host = host
        self.port = port
    }
}
