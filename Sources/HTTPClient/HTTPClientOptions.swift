/// How connections are made.
package struct HTTPClientOptions: Sendable {
    /// Certificates to trust in place of the system's.
    package var caFile: String?
    /// Public keys, one of which the server's certificate must have besides being right in every other way, each as curl writes it:
    /// `sha256//` and base64. Empty: any. Another key ends the handshake before anything of the request is sent.
    /// - Source: CURLOPT_PINNEDPUBLICKEY(3)
    package var pinnedKeys: [String] = []
    /// False: the dates in certificates do not count; everything else about them does. For a machine without a clock.
    package var checksDates = true
    package var connectTimeout: Duration
    /// Idle time after which TCP probes whether the other side is there, and the time between probes; nil: never.
    package var keepAlive: Duration?

    /// Connections that a `TransferLoop` keeps between transfers. One loop for many terminals needs one each.
    package var keptConnections: Int

    package init(
        caFile: String? = nil, connectTimeout: Duration = .seconds(10), keepAlive: Duration? = .seconds(60), keptConnections: Int = 4
    ) {
        self.caFile = caFile
        self.connectTimeout = connectTimeout
        self.keepAlive = keepAlive
        self.keptConnections = keptConnections
    }
}
