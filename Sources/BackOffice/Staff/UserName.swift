import Signing
import Wire

/// The name that a member of staff signs in with.
enum UserName {
    private static let rule = "A user's name has 2 to 32 of a-z, 0-9, '.', '-' and '_', and begins with a letter."

    /// In lower case; throws `invalid_user_name`.
    static func checked(_ text: String) throws -> String {
        let name = folded(text)
        let isGood =
            (2...32).contains(name.utf8.count) && name.utf8.first.map { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) } == true
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
                    UInt8(ascii: "_"):
                    true
                default: false
                }
            }
        guard isGood else { throw Problem(.invalidUserName, rule) }
        return name
    }

    /// As it is looked up: people write their names in either case.
    static func folded(_ text: String) -> String { text.trimmed.lowercased() }

    /// What failed sign-ins are kept under.
    static func hash(_ folded: String) -> [UInt8] { Digest.sha256(Array(folded.utf8)) }
}
