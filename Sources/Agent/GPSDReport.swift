package import AgentCore
private import Wire

/// One line of gpsd, as far as it matters here.
/// - Source: gpsd_json(5), gpsd 3.22
package enum GPSDReport: Sendable, Equatable {
    /// A position of this receiver.
    case fix(Fix, device: String)
    /// This receiver says that it has none, or none that can be believed.
    case noFix(device: String)
    /// Anything else: other classes, lines that were cut short.
    case other

    /// What is absent is unknown; there is no `null`.
    private struct TPV: Decodable {
        var `class`: String
        var device: String?
        /// 0 unknown, 1 no fix, 2 in two dimensions, 3 in three.
        var mode: Int?
        /// 8: simulated.
        var status: Int?
        var time: String?
        var lat: Double?
        var lon: Double?
        /// Metres: over the ground, to the east, to the north.
        var eph: Double?
        var epx: Double?
        var epy: Double?
    }

    private static let simulated = 8

    package init(line: [UInt8]) {
        // gpsd cuts long lines short: what cannot be read is passed over, and the next one is another.
        guard let report = try? JSON.decode(TPV.self, from: line), report.class == "TPV" else {
            self = .other
            return
        }
        let device = String((report.device ?? "").prefix(256))
        // The first fixes may come before the receiver knows the time: those are not told from old ones.
        guard let mode = report.mode, mode >= 2, report.status != Self.simulated, let time = report.time.flatMap(Timestamp.init),
            let lat = report.lat,
            let lon = report.lon, (-90...90).contains(lat), (-180...180).contains(lon)
        else {
            self = .noFix(device: device)
            return
        }
        self = .fix(Fix(lat: lat, lon: lon, accuracy: Self.accuracy(report), at: time), device: device)
    }

    private static func accuracy(_ report: TPV) -> Double? {
        let ofAxes = report.epx.flatMap { east in report.epy.map { max(east, $0) } }
        guard let metres = report.eph ?? ofAxes, metres > 0, metres.isFinite else { return nil }
        return metres
    }
}
