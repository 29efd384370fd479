package import Wire

/// A one-time code with which one IMEI may enrol; only its SHA-256 is kept.
package struct EnrolmentCodeRecord: Sendable, Equatable {
    package var codeHash: [UInt8]
    package var imei: IMEI
    package var expiresAt: Timestamp
    package var usedAt: Timestamp?

    package init(codeHash: [UInt8], imei: IMEI, expiresAt: Timestamp, usedAt: Timestamp? = nil) {
        self.codeHash = codeHash
        self.imei = imei
        self.expiresAt = expiresAt
        self.usedAt = usedAt
    }
}
