package import Wire

/// What a note is about: what can be locked, or the back office itself.
///
/// Apart from `Subject`, so that nobody can place a hold on the office, raise its revision or wake it: it has no lock state.
package enum NoteSubject: Sendable, Hashable {
    case account(AccountReference)
    case device(IMEI)
    /// The back office: who may use it.
    case office

    package init(_ subject: Subject) {
        switch subject {
        case .account(let reference): self = .account(reference)
        case .device(let imei): self = .device(imei)
        }
    }

    /// `account:REF`, `device:IMEI` or `office`: how hashes and exports name it.
    package var text: String {
        switch self {
        case .account(let reference): "account:\(reference)"
        case .device(let imei): "device:\(imei)"
        case .office: "office"
        }
    }
}
