private import Glibc

/// A TCP socket that accepts connections.
struct ListeningSocket {
    /// Connections that may wait to be accepted; the kernel caps it at net.core.somaxconn.
    private static let backlog: Int32 = 16_384

    let descriptor: Int32
    let port: UInt16

    /// Binds to the first address of `host` that can be bound to.
    init(host: String, port: UInt16) throws(HTTPServerError) {
        var hints = addrinfo()
        hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let result = getaddrinfo(host, String(port), &hints, &found)
        guard result == 0, let found else {
            throw HTTPServerError(
                code: .address, operation: "resolve \(host)", detail: String(cString: gai_strerror(result)), native: result)
        }
        defer { freeaddrinfo(found) }
        var failure = HTTPServerError(code: .address, operation: "resolve \(host)", detail: "it has no address", native: 0)
        var candidate: UnsafeMutablePointer<addrinfo>? = found
        while let address = candidate?.pointee {
            do throws(HTTPServerError) {
                let made = try Self.listen(address, at: "\(host) port \(port)")
                descriptor = made.descriptor
                self.port = made.port
                return
            } catch { failure = error }
            candidate = address.ai_next
        }
        throw failure
    }

    func close() { Glibc.close(descriptor) }

    private static func listen(_ address: addrinfo, at place: String) throws(HTTPServerError) -> (descriptor: Int32, port: UInt16) {
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(address.ai_family, kind, 0)
        try check(descriptor, "socket")
        do throws(HTTPServerError) {
            try set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1)
            if address.ai_family == AF_INET6 { try set(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, 0) }
            // Linux hands these on to the accepted sockets: an answer leaves at once, and a peer that vanished is noticed.
            try set(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
            try set(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1)
            // Seconds. Longer than a poll's wait, so that a healthy terminal on cellular data is sent no probe.
            try set(descriptor, Int32(IPPROTO_TCP), TCP_KEEPIDLE, 120)
            try set(descriptor, Int32(IPPROTO_TCP), TCP_KEEPINTVL, 15)
            try set(descriptor, Int32(IPPROTO_TCP), TCP_KEEPCNT, 3)
            // Milliseconds that sent bytes may stay unacknowledged.
            try set(descriptor, Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, 30_000)
            try check(bind(descriptor, address.ai_addr, address.ai_addrlen), "bind to \(place)")
            try check(Glibc.listen(descriptor, backlog), "listen on \(place)")
            return (descriptor, try boundPort(descriptor))
        } catch {
            Glibc.close(descriptor)
            throw error
        }
    }

    private static func boundPort(_ descriptor: Int32) throws(HTTPServerError) -> UInt16 {
        var address = sockaddr_in6()
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        let result = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        try check(result, "getsockname")
        // The port is at the same place in both families.
        return UInt16(bigEndian: address.sin6_port)
    }

    private static func set(_ descriptor: Int32, _ level: Int32, _ option: Int32, _ value: Int32) throws(HTTPServerError) {
        var value = value
        try check(setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size)), "setsockopt \(level) \(option)")
    }

    private static func check(_ result: Int32, _ operation: String) throws(HTTPServerError) {
        guard result < 0 else { return }
        let number = errno
        throw HTTPServerError(code: .socket, operation: operation, detail: String(cString: strerror(number)), native: number)
    }
}
