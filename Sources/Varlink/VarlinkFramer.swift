/// Cuts a stream of bytes into messages, each ended by a NUL. It never holds more than one unfinished message within the limit.
package struct VarlinkFramer: Sendable {
    /// 16 KiB: a call of ours is about 120 bytes.
    package static let defaultLimit = 16 * 1024

    private let limit: Int
    private var unfinished: [UInt8] = []

    /// `limit`: bytes of a message, without its NUL.
    package init(limit: Int = defaultLimit) { self.limit = limit }

    /// Bytes of the unfinished message.
    var count: Int { unfinished.count }

    /// Gives each message that is now complete to `take`, without its NUL. After an error the stream has no meaning any more.
    package mutating func feed(
        _ bytes: ArraySlice<UInt8>, _ take: (ArraySlice<UInt8>) throws(VarlinkError) -> Void
    ) throws(VarlinkError) {
        var rest = bytes
        while let end = rest.firstIndex(of: 0) {
            try checkLimit(rest[..<end].count)
            if unfinished.isEmpty {
                try take(rest[..<end])
            } else {
                unfinished += rest[..<end]
                let message = unfinished
                unfinished = []
                try take(message[...])
            }
            rest = rest[(end + 1)...]
        }
        try checkLimit(rest.count)
        unfinished += rest
    }

    private func checkLimit(_ more: Int) throws(VarlinkError) {
        guard unfinished.count + more <= limit else { throw VarlinkError(.tooLong, "a message is longer than \(limit) bytes") }
    }
}
