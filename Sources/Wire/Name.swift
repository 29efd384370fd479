/// A short identifier with a fixed alphabet, read from outside: says why a text is not one.
package struct NameRefusal: JSONNameRefusal, Equatable, CustomStringConvertible {
    package let description: String
    let jsonCode: JSONRefusal.Code
}

/// What the identifiers that are plain checked strings share: coding and description.
package protocol CheckedName: Codable, Hashable, Sendable, CustomStringConvertible, Comparable {
    var text: String { get }
    init(_ text: some StringProtocol) throws(NameRefusal)
}

extension CheckedName {
    package var description: String { text }

    package static func < (left: Self, right: Self) -> Bool { left.text < right.text }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        do {
            try self.init(container.decode(String.self))
        } catch let refusal as NameRefusal {
            throw DecodingError.dataCorrupted(
                .init(codingPath: container.codingPath, debugDescription: refusal.description, underlyingError: refusal))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

/// A vendor account's wallet reference: 4 to 20 of `A-Z 0-9 -`, kept in upper case.
package struct AccountReference: CheckedName {
    package let text: String

    package init(_ text: some StringProtocol) throws(NameRefusal) {
        let upper = text.uppercased()
        guard (4...20).contains(upper.utf8.count), upper.utf8.allSatisfy(Self.isAllowed) else {
            throw NameRefusal(description: "A wallet reference is 4 to 20 letters, digits or '-'.", jsonCode: .invalidReference)
        }
        self.text = upper
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
        default: false
        }
    }
}

/// The kind of client that connects, for example `KazTimpaPro`. Which codes exist is data (the catalogue), not this type.
package struct ChannelCode: CheckedName {
    package let text: String

    package init(_ text: some StringProtocol) throws(NameRefusal) {
        guard (1...32).contains(text.utf8.count), text.utf8.allSatisfy(Self.isAllowed) else {
            throw NameRefusal(description: "A channel code is 1 to 32 letters or digits, for example KazTimpaPro.", jsonCode: .invalidChannel)
        }
        self.text = String(text)
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: false
        }
    }
}
