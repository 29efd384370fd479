import Foundation
import Testing
import Wire

struct TimestampTests {
    /// Over leap years, centuries and the epoch. Not before 1582: Foundation's calendar is Julian there.
    @Test func isWrittenAndReadAsFoundationDoes() throws {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        for day in stride(from: Int64(-140_000), to: 200_000, by: 61) {
            let time = Timestamp(unixMilliseconds: day * 86_400_000 + 45_296_789)
            #expect(Timestamp(time.description) == time)
            let date = Date(timeIntervalSince1970: Double(day) * 86_400 + 45_296.789)
            #expect(abs(try style.parse(time.description).timeIntervalSince(date)) < 0.0005, "\(time)")
        }
    }

    @Test func readsEachYearThatItWrites() {
        for day in stride(from: Int64(-719_528), to: 2_932_896, by: 97) {
            let time = Timestamp(unixMilliseconds: day * 86_400_000 + 86_399_999)
            #expect(Timestamp(time.description) == time)
        }
    }

    @Test(
        arguments: [
            ("2026-11-21T20:00:00Z", 1_795_291_200_000), ("2026-11-21t20:00:00z", 1_795_291_200_000), ("2026-11-21T20:00:00.5Z", 1_795_291_200_500),
            ("2026-11-21T20:00:00.1234567Z", 1_795_291_200_123), ("2026-11-21T20:00:00.9995Z", 1_795_291_201_000),
            ("2026-11-21T22:00:00+02:00", 1_795_291_200_000), ("2026-11-21T14:30:00-0530", 1_795_291_200_000),
            ("2016-12-31T23:59:60Z", 1_483_228_800_000), ("0000-02-29T00:00:00Z", -62_162_121_600_000), ("1969-12-31T23:59:59.999Z", -1),
        ] as [(String, Int64)])
    func readsRFC3339(_ text: String, _ milliseconds: Int64) { #expect(Timestamp(text)?.unixMilliseconds == milliseconds) }

    @Test(arguments: [
        "", "2026-11-21", "2026-11-21T20:00:00", "2026-11-21 20:00:00Z", "26-11-21T20:00:00Z", "+2026-11-21T20:00:00Z", "2026-11-21T20:00:00Z ",
        "2026-11-21T20:00:00Z\"x", "2026-11-21T20:00:00.Z", "2026-02-29T20:00:00Z", "2026-00-21T20:00:00Z", "2026-11-31T20:00:00Z",
        "2026-11-21T24:00:00Z", "2026-11-21T20:60:00Z", "2026-11-21T20:00:61Z", "2026-11-21T20:00:00+2:00", "2026-11-21T20:00:00+24:00",
        "0000-01-01T00:00:00+00:01", "9999-12-31T23:59:59.9999Z", "٢٠٢٦-11-21T20:00:00Z",
    ])
    func refusesEverythingElse(_ text: String) { #expect(Timestamp(text) == nil) }
}
