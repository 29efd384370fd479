import Store
import Testing
import Wire

@testable import BackOffice

@Suite struct VisitRuleTests {
    private static let begun = Timestamp(unixMilliseconds: 1_795_291_200_000)
    private static let now = begun.adding(.seconds(30))
    private static let home = Position(lat: -26.2678, lon: 27.8585)

    private static func position(_ metresNorth: Double = 0, accuracy: Double? = 10, fixed seconds: Int64? = 10) -> Position {
        Position(
            lat: home.lat + metresNorth / 6_371_008.8 * 180 / .pi, lon: home.lon, accuracy_m: accuracy,
            fixed_at: seconds.map { begun.adding(.seconds($0)) })
    }

    private static let table: [(String, Position, Position?, VisitRecord.State)] = [
        ("the same place", position(), position(), .satisfied),
        ("just near enough", position(), position(219.9), .satisfied),
        ("just too far", position(), position(220.1), .notSatisfied),
        ("just near enough to the south", position(), position(-219.9), .satisfied),
        ("both accuracies count", position(accuracy: 150), position(489, accuracy: 140), .satisfied),
        ("both accuracies count, and no more", position(accuracy: 150), position(491, accuracy: 140), .notSatisfied),
        ("the other end of the country", position(), position(1_200_000), .notSatisfied),
        ("as coarse as may be", position(accuracy: 1000), position(2150, accuracy: 1000), .satisfied),
        ("a coarse telephone", position(accuracy: 1000.1), position(), .tooCoarse),
        ("a coarse terminal", position(), position(accuracy: 1001), .tooCoarse),
        ("a coarse terminal far away", position(), position(90_000, accuracy: 5000), .tooCoarse),
        ("a terminal that does not say how exact", position(), position(accuracy: nil), .tooCoarse),
        ("an accuracy that is none", position(), position(accuracy: -5), .tooCoarse),
        ("an accuracy that is no number", position(), position(accuracy: .nan), .tooCoarse),
        ("an accuracy without end", position(), position(accuracy: .infinity), .tooCoarse),
        ("just before the visit", position(), position(fixed: -120), .satisfied),
        ("before the visit", position(), position(fixed: -121), .stale),
        ("a receiver a little ahead", position(), position(fixed: 330), .satisfied),
        ("a receiver far ahead", position(), position(fixed: 331), .stale),
        ("a week counter that began anew", position(), position(fixed: -1024 * 7 * 86400), .stale),
        ("no time at all", position(), position(fixed: nil), .stale),
        ("old and far", position(), position(90_000, fixed: -4000), .stale),
        ("no position", position(), nil, .noFix),
        ("a place that there is not", position(), Position(lat: 91, lon: 0, accuracy_m: 5, fixed_at: begun), .noFix),
        ("no place either", position(), Position(lat: 0, lon: 1e300, accuracy_m: 5, fixed_at: begun), .noFix),
    ]

    @Test(arguments: table.indices) func judges(_ row: Int) {
        let (what, phone, device, expected) = Self.table[row]
        #expect(VisitRule.judge(phone: phone, device: device, begun: Self.begun, now: Self.now) == expected, "\(what)")
    }

    private static let phones: [(Position, ProblemCode?)] = [
        (Position(lat: -90, lon: 180, accuracy_m: 0.1), nil), (Position(lat: 90, lon: -180, accuracy_m: 5000), nil),
        (Position(lat: 1, lon: 1, accuracy_m: 5, fixed_at: now.adding(.seconds(-600))), nil),
        (Position(lat: 1, lon: 1, accuracy_m: 5, fixed_at: now.adding(.seconds(-601))), .positionTooOld),
        (Position(lat: 1, lon: 1, accuracy_m: 5, fixed_at: now.adding(.seconds(300))), nil),
        (Position(lat: 1, lon: 1, accuracy_m: 5, fixed_at: now.adding(.seconds(301))), .invalidPosition),
        (Position(lat: 90.001, lon: 0, accuracy_m: 5), .invalidPosition), (Position(lat: -90.001, lon: 0, accuracy_m: 5), .invalidPosition),
        (Position(lat: 0, lon: 180.001, accuracy_m: 5), .invalidPosition), (Position(lat: 0, lon: -180.001, accuracy_m: 5), .invalidPosition),
        (Position(lat: .nan, lon: 0, accuracy_m: 5), .invalidPosition), (Position(lat: 0, lon: .infinity, accuracy_m: 5), .invalidPosition),
        (Position(lat: 1, lon: 1), .invalidPosition), (Position(lat: 1, lon: 1, accuracy_m: 0), .invalidPosition),
        (Position(lat: 1, lon: 1, accuracy_m: -1), .invalidPosition), (Position(lat: 1, lon: 1, accuracy_m: .nan), .invalidPosition),
        (Position(lat: 1, lon: 1, accuracy_m: .infinity), .invalidPosition),
    ]

    @Test(arguments: phones.indices) func takesOnlyWhatATelephoneMaySendNow(_ row: Int) {
        let (phone, code) = Self.phones[row]
        var refused: String?
        do throws(Problem) { try VisitRule.check(phone: phone, now: Self.now) } catch { refused = error.code }
        #expect(refused == code?.rawValue, "\(phone)")
    }
}
