/// A value of D-Bus, as far as ModemManager's objects need one.
package indirect enum BusValue: Sendable, Equatable {
    /// Also an object path or a signature.
    case text(String)
    case number(Int64)
    case flag(Bool)
    /// A floating-point number, a descriptor.
    case other
    case list([BusValue])
    /// A structure, or an entry of a dictionary.
    case group([BusValue])

    package var text: String? { if case .text(let text) = self { text } else { nil } }
    package var number: Int64? { if case .number(let number) = self { number } else { nil } }
    package var list: [BusValue] { if case .list(let values) = self { values } else { [] } }

    /// Of `a{s…}` or `a{o…}`.
    package var members: [String: BusValue] {
        var members: [String: BusValue] = [:]
        for case .group(let entry) in list where entry.count == 2 { if let key = entry[0].text { members[key] = entry[1] } }
        return members
    }
}
