package import Wire

/// What is known of this terminal's modem: the answer of `vendlock-agent modem --json`, one line.
///
/// `{"source"?: "modemmanager", "imei"?: …, "iccid"?: …, "imsi"?: …, "cell"?: …, "troubles": […]}`. Nothing but `troubles`: no modem was found.
package struct ModemReport: Codable, Sendable, Equatable {
    package enum Source: String, Codable, Sendable {
        case modemManager = "modemmanager"
        case port
    }

    package var source: Source?
    /// Absent while the modem does not say it, as one that has failed.
    package var imei: IMEI?
    /// Of the SIM; both absent: none, or one that is locked.
    package var iccid: String?
    package var imsi: String?
    /// Only when it was asked for.
    package var cell: Cell?
    /// Why something is not known, one sentence each.
    package var troubles: [String] = []

    package init(source: Source? = nil) { self.source = source }
}
