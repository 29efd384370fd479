import Store
import Wire

extension Position {
    /// For notes: `-26.2678, 27.8585 (within 12 m)`.
    var text: String {
        "\(lat), \(lon) (" + (accuracy_m.map { "within \(Self.metres($0))" } ?? "accuracy unknown") + ")"
    }

    /// What a terminal's event says; `nil` when it has no fix.
    init?(_ event: TerminalEvent) {
        guard let lat = event.lat, let lon = event.lon else { return nil }
        self.init(
            lat: lat, lon: lon, accuracy_m: event.accuracy_m, fixed_at: event.fixed_at, source: event.source.map { String($0.prefix(64)) })
    }

    /// Whole metres. A terminal may send any number, also one that no integer holds.
    static func metres(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e9 else { return "more than the Earth has of metres" }
        return "\(Int(value.rounded())) m"
    }
}
