/// What level 1 asks whoever says that they are an account's owner.
package enum AnswerField: String, Codable, Sendable, CaseIterable {
    case name
    case surname
    case address
    case id_number
    case imei

    /// As people read it.
    package var title: String {
        switch self {
        case .name: "name"
        case .surname: "surname"
        case .address: "full address"
        case .id_number: "ID number"
        case .imei: "IMEI of the device"
        }
    }
}
