package import Wire

/// An IMEI in an answer: the whole of it or, where the caller may not see it, its last four digits.
///
/// In JSON `"352099001761481"`, or `"…1481"`.
package enum ShownIMEI: Sendable, Equatable {
    case whole(IMEI)
    case tail(String)

    /// As little of it as tells two devices of one vendor apart.
    var hidden: ShownIMEI {
        switch self {
        case .whole(let imei): .tail(String(imei.description.suffix(Self.tailLength)))
        case .tail: self
        }
    }

    static let tailLength = 4
    static let ellipsis: Character = "…"
}

extension ShownIMEI: CustomStringConvertible {
    package var description: String {
        switch self {
        case .whole(let imei): imei.description
        case .tail(let digits): "\(Self.ellipsis)\(digits)"
        }
    }
}

extension ShownIMEI: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        self = text.first == Self.ellipsis ? .tail(String(text.dropFirst())) : .whole(try container.decode(IMEI.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
