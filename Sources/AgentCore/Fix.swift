package import Wire

/// Where the terminal found itself.
package struct Fix: Sendable, Equatable {
    /// Degrees, north and east positive (WGS 84).
    package var lat: Double
    package var lon: Double
    /// Metres; absent when the receiver does not say.
    package var accuracy: Double?
    /// By the receiver's own clock, which comes with the satellites' signal; the terminal's may be wrong.
    package var at: Timestamp

    package init(lat: Double, lon: Double, accuracy: Double?, at: Timestamp) {
        self.lat = lat
        self.lon = lon
        self.accuracy = accuracy
        self.at = at
    }
}

/// Why a terminal does not know where it is: the `why` of its answer.
package enum LocationFailure: String, Sendable {
    /// The receiver has none, or none in time.
    case noFix = "no_fix"
    /// Nothing answers that would know.
    case noGPSD = "no_gpsd"
}
