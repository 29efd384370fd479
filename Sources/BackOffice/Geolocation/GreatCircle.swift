import Glibc
import Store

/// Distances over the ground.
enum GreatCircle {
    /// Metres: the Earth's mean radius R1.
    /// - Source: Moritz, Geodetic Reference System 1980, Journal of Geodesy 74, 2000
    static let radius = 6_371_008.8

    /// In metres, by the haversine formula: within 0.6 % of the ellipsoid's, and exact enough for neighbours, where the law of cosines is not.
    /// - Source: Sinnott, Virtues of the Haversine, Sky and Telescope 68 (2), 1984
    static func distance(_ one: Position, _ other: Position) -> Double {
        let (lat1, lat2) = (one.lat * .pi / 180, other.lat * .pi / 180)
        let acrossLat = sin((lat2 - lat1) / 2)
        let acrossLon = sin((other.lon - one.lon) * .pi / 360)
        let haversine = acrossLat * acrossLat + cos(lat1) * cos(lat2) * acrossLon * acrossLon
        // Rounding may lift it a hair above 1 for two ends of the Earth, and the arc sine of that is not a number.
        return 2 * radius * asin(min(1, haversine.squareRoot()))
    }
}
