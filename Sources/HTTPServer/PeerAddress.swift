private import Glibc

/// The address that a connection comes from, without the port.
struct PeerAddress: Hashable, Sendable {
    /// As IPv6, most significant first; an IPv4 address is mapped (`::ffff:a.b.c.d`).
    let high: UInt64
    let low: UInt64

    /// nil for a family that is neither IPv4 nor IPv6.
    init?(_ address: UnsafeRawPointer) {
        switch Int32(address.loadUnaligned(as: sa_family_t.self)) {
        case AF_INET:
            high = 0
            low = 0xffff_0000_0000 | UInt64(UInt32(bigEndian: address.loadUnaligned(as: sockaddr_in.self).sin_addr.s_addr))
        case AF_INET6:
            let bytes = address + MemoryLayout<sockaddr_in6>.offset(of: \.sin6_addr)!
            high = UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self))
            low = UInt64(bigEndian: (bytes + 8).loadUnaligned(as: UInt64.self))
        default: return nil
        }
    }

    var isIPv4: Bool { high == 0 && low >> 32 == 0xffff }

    var isLoopback: Bool { isIPv4 ? UInt8(truncatingIfNeeded: low >> 24) == 127 : high == 0 && low == 1 }

    /// Who is counted as one client: an IPv4 address, or an IPv6 /64, since a single host may use all of one.
    var clientKey: UInt64 { isIPv4 ? low : high }

    /// Dotted decimal, or RFC 5952.
    var text: String {
        if isIPv4 { return (0..<4).map { String(low >> (24 - 8 * $0) & 255) }.joined(separator: ".") }
        var bytes = (high.bigEndian, low.bigEndian)
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { buffer in
            let text = inet_ntop(AF_INET6, &bytes, buffer.baseAddress!, socklen_t(buffer.count))
            precondition(text != nil, "The buffer holds any IPv6 address.")
            return String(cString: text!)
        }
    }
}
