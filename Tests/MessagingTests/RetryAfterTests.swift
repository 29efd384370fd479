import Messaging
import Testing
import Wire

struct RetryAfterTests {
    /// 1994-11-06T08:49:37Z, the date of RFC 9110 section 5.6.7.
    private static let now = Timestamp(unixMilliseconds: 784_111_777_000)

    @Test(arguments: [
        ("120", Duration.seconds(120) as Duration?),
        ("7 s", nil),
        (" 7", .seconds(7)),
        ("86400", .seconds(86_400)),
        ("86401", .seconds(86_400)),
        ("99999999999999999999999", .seconds(86_400)),
        ("0", nil),
        ("-1", nil),
        ("1.5", nil),
        ("", nil),
        ("soon", nil),
        ("Sun, 06 Nov 1994 08:51:37 GMT", .seconds(120)),
        ("Sun, 06 Nov 1994 08:49:37 GMT", nil),
        ("Sat, 05 Nov 1994 08:49:37 GMT", nil),
        ("Wed, 06 Nov 2094 08:49:37 GMT", .seconds(86_400)),
        ("Sunday, 06-Nov-94 08:51:37 GMT", nil),
        ("Sun, 06 Nov 1994 08:51:37 CET", nil),
        ("Sun, 06 Foo 1994 08:51:37 GMT", nil),
        ("Sun, 06 Nov 1994 08:51 GMT", nil),
    ])
    func readsSecondsAndDates(_ field: String, _ expected: Duration?) {
        #expect(RetryAfter.duration(field, now: Self.now) == expected)
    }

    @Test func noFieldIsNoWait() {
        #expect(RetryAfter.duration(nil, now: Self.now) == nil)
    }
}
