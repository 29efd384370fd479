package import Wire

/// A terminal's key for offline codes, and how far both sides have come with it.
package struct CodeKeyRecord: Sendable, Equatable {
    package var imei: IMEI
    package var key: [UInt8]
    /// The first counter that no code was issued for.
    package var nextIssued: Int64
    /// The first counter that the terminal accepts, as far as it was heard.
    package var nextUsed: Int64
    /// Codes below it were given before a lock that the terminal enforces, and count no more.
    package var voidBelow: Int64
    /// When the last of the hours that codes gave is over.
    package var extendedUntil: Timestamp?
    /// The most hours that a code would give which was given and not used; 0: there is none.
    package var unusedHours: Int

    package init(
        imei: IMEI, key: [UInt8], nextIssued: Int64 = 0, nextUsed: Int64 = 0, voidBelow: Int64 = 0, extendedUntil: Timestamp? = nil,
        unusedHours: Int = 0
    ) {
        self.voidBelow = voidBelow
        self.extendedUntil = extendedUntil
        self.unusedHours = unusedHours
        self.imei = imei
        self.key = key
        self.nextIssued = nextIssued
        self.nextUsed = nextUsed
    }
}
