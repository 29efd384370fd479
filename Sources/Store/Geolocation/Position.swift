package import Wire

/// Where something was on the ground, as its own receiver says.
///
/// In JSON: `{"lat": -26.2678, "lon": 27.8585, "accuracy_m"?: 12, "fixed_at"?: "2026-11-21T19:59:00Z", "source"?: "gps"}`.
package struct Position: Codable, Sendable, Equatable {
    /// Degrees, north positive (WGS 84).
    package var lat: Double
    /// Degrees, east positive.
    package var lon: Double
    /// Metres around it within which it probably is; absent: nobody knows.
    package var accuracy_m: Double?
    /// When it was found, by the receiver's own time.
    package var fixed_at: Timestamp?
    /// What found it: `gpsd`, `phone`.
    package var source: String?

    package init(lat: Double, lon: Double, accuracy_m: Double? = nil, fixed_at: Timestamp? = nil, source: String? = nil) {
        self.lat = lat
        self.lon = lon
        self.accuracy_m = accuracy_m
        self.fixed_at = fixed_at
        self.source = source
    }

    /// Whether it is a place on Earth.
    package var isOnEarth: Bool { (-90...90).contains(lat) && (-180...180).contains(lon) }
}
