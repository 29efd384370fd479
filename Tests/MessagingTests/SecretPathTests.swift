import Messaging
import Testing

struct SecretPathTests {
    @Test func matchesTheSecretItself() {
        #expect(SecretPath.matches("3q2-7w", "3q2-7w"))
    }

    @Test(
        arguments: [
            ("", "3q2-7w"), ("3q2-7", "3q2-7w"), ("3q2-7w ", "3q2-7w"), ("3Q2-7W", "3q2-7w"), ("e\u{301}", "\u{E9}"), ("", ""), ("", nil),
            ("3q2-7w", nil),
            ("3q2-7w", ""),
        ] as [(String, String?)])
    func nothingElseMatches(_ given: String, _ expected: String?) {
        #expect(!SecretPath.matches(given, expected))
    }
}
