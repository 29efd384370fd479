package import Wire

/// A terminal's key for offline codes, and how far both sides have come with it.
package struct CodeKeyRecord: Sendable, Equatable {
    package var imei: IMEI
    package var key: [UInt8]
    /// The first counter that no code was issued for.
    package var nextIssued: Int64
    /// The first counter that the terminal accepts, as far as it was heard.
    package var nextUsed: Int64

    package init(imei: IMEI, key: [UInt8], nextIssued: Int64 = 0, nextUsed: Int64 = 0) {
        self.imei = imei
        self.key = key
        self.nextIssued = nextIssued
        self.nextUsed = nextUsed
    }
}
