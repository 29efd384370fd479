internal import Platform

/// One of `gate_users`: a name, or a number as a number or a text.
package enum GateUser: Decodable, Sendable, Equatable {
    case name(String)
    case number(UInt32)

    package init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let number = try? value.decode(UInt32.self) {  // What is no number is a text, or the next line's error.
            self = .number(number)
        } else {
            let text = try value.decode(String.self)
            self = UInt32(text).map(Self.number) ?? .name(text)
        }
    }

    /// Looked up in the system's users.
    func number() throws(SystemError) -> UInt32 {
        switch self {
        case .name(let name): try UserName.id(of: name)
        case .number(let number): number
        }
    }
}
