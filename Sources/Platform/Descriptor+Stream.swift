private import CLinux

/// What a read or a write of a stream came to.
package enum StreamTransfer: Equatable, Sendable {
    case bytes(Int)
    /// Nothing now: wait for the poller.
    case wouldBlock
    /// The other side is gone.
    case closed
}

/// One end of a stream connection that never blocks, Unix or TCP.
extension Descriptor {
    /// Reads once, to the start of `buffer`, at most its length.
    func receive(into buffer: inout [UInt8], _ subject: String) throws(SystemError) -> StreamTransfer {
        precondition(!buffer.isEmpty, "read needs room")
        let number = number
        let count = buffer.withUnsafeMutableBytes { recv(number, $0.baseAddress, $0.count, 0) }
        return count == 0 ? .closed : try Self.transfer(count, "read from", subject)
    }

    /// Writes once, what the socket takes.
    func transmit(_ bytes: ArraySlice<UInt8>, _ subject: String) throws(SystemError) -> StreamTransfer {
        let number = number
        let count = bytes.withUnsafeBytes { send(number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        return try Self.transfer(count, "write to", subject)
    }

    private static func transfer(_ count: Int, _ operation: String, _ subject: String) throws(SystemError) -> StreamTransfer {
        if count >= 0 { return .bytes(count) }
        let error = SystemError.last(operation, subject)
        switch error.code {
        // An interrupted call did nothing: the poller, level-triggered, brings the caller back.
        case EAGAIN, EINTR: return .wouldBlock
        case ECONNRESET, EPIPE: return .closed
        default: throw error
        }
    }
}
