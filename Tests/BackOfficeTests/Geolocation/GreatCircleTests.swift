import Store
import Testing

@testable import BackOffice

@Suite struct GreatCircleTests {
    /// Published distances, in metres, with the radius that they were published for.
    private static let published: [(String, Position, Position, Double, radius: Double, within: Double)] = [
        // Rosetta Code, "Haversine formula": Nashville to Los Angeles, 2887.2599506071106 km on 6372.8 km.
        ("BNA-LAX", Position(lat: 36.12, lon: -86.67), Position(lat: 33.94, lon: -118.40), 2_887_259.950_607, 6_372_800, 0.001),
        // Movable Type Scripts, "Calculate distance … between Latitude/Longitude points": 968.9 km on 6371 km.
        (
            "Land's End-John o' Groats", Position(lat: 50 + 3.0 / 60 + 59.0 / 3600, lon: -(5 + 42.0 / 60 + 53.0 / 3600)),
            Position(lat: 58 + 38.0 / 60 + 38.0 / 3600, lon: -(3 + 4.0 / 60 + 12.0 / 3600)), 968_900, 6_371_000, 50
        ),
    ]

    @Test(arguments: published.indices) func agreesWithPublishedDistances(_ row: Int) {
        let (name, one, other, metres, radius, within) = Self.published[row]
        let expected = metres * GreatCircle.radius / radius
        #expect(abs(GreatCircle.distance(one, other) - expected) < within, "\(name)")
        #expect(GreatCircle.distance(one, other) == GreatCircle.distance(other, one))
    }

    /// A quarter and a half of a great circle, and one degree of one: π R / 2, π R, π R / 180.
    @Test func agreesWithTheCircleItself() {
        let pole = Position(lat: 90, lon: 12)
        let half = Double.pi * 6_371_008.8
        #expect(abs(GreatCircle.distance(Position(lat: 0, lon: -77), pole) - half / 2) < 0.01)
        #expect(abs(GreatCircle.distance(Position(lat: 0, lon: -90), Position(lat: 0, lon: 90)) - half) < 0.01)
        #expect(abs(GreatCircle.distance(Position(lat: -33.5, lon: 18), Position(lat: -34.5, lon: 18)) - half / 180) < 0.01)
    }

    @Test func measuresAcrossTheDateLineTheShortWay() {
        #expect(abs(GreatCircle.distance(Position(lat: 0, lon: 179.999), Position(lat: 0, lon: -179.999)) - 222.39) < 0.01)
    }

    @Test func isNothingFromAPlaceToItself() {
        for place in [Position(lat: -26.2678, lon: 27.8585), Position(lat: 90, lon: 0), Position(lat: -90, lon: 180)] {
            #expect(GreatCircle.distance(place, place) == 0)
        }
        // Two names of one place.
        #expect(GreatCircle.distance(Position(lat: 0, lon: 180), Position(lat: 0, lon: -180)) < 0.001)
    }

    @Test func tellsMetresApart() {
        // A hundred thousandth of a degree of latitude is 1.112 m.
        let metres = GreatCircle.distance(Position(lat: -26.26780, lon: 27.8585), Position(lat: -26.26781, lon: 27.8585))
        #expect(abs(metres - 1.11195) < 0.0005)
    }
}
