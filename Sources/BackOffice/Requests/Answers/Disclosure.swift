import Store
package import Wire

/// What of an account is left out for one caller: level 1 asks an owner for what it must not read to them.
///
/// Everybody but the call centre sees all. It never sees an owner's address and ID number; and while a check waits for the answers, none of what is asked
/// for. `AccountBody.hidden` names what was left out.
package struct Disclosure: Sendable, Equatable {
    private let hidden: Set<AnswerField>

    package init(caller role: Role?, hidden fields: Set<AnswerField>) { hidden = role == .callCentre ? fields : [] }

    /// - Parameter isChecking: whether a check of the account waits for answers.
    package init(caller role: Role?, isChecking: Bool) {
        self.init(caller: role, hidden: isChecking ? Set(AnswerField.allCases) : [.address, .id_number])
    }

    /// In the place of a name, which every account has.
    package static let hiddenName = "hidden"

    package func shown(_ body: AccountBody) -> AccountBody {
        var shown = body
        var left: [String] = []
        func leaveOut(_ name: String, _ field: AnswerField, _ value: WritableKeyPath<AccountBody, String?>) {
            guard hidden.contains(field), shown[keyPath: value] != nil else { return }
            shown[keyPath: value] = nil
            left.append(name)
        }
        if hidden.contains(.name) {
            shown.owner.name = Self.hiddenName
            left.append("owner.name")
        }
        leaveOut("owner.surname", .surname, \.owner.surname)
        leaveOut("owner.address", .address, \.owner.address)
        leaveOut("owner.id_number", .id_number, \.owner.id_number)
        // An address of e-mail is often made of the name.
        leaveOut("owner.email", .name, \.owner.email)
        if hidden.contains(.imei) {
            if let last = body.last_channel {
                shown.last_channel?.imei = last.imei.hidden
                left.append("last_channel.imei")
            }
            for place in body.devices.indices { shown.devices[place].imei = body.devices[place].imei.hidden }
            if !body.devices.isEmpty { left.append("devices.imei") }
        }
        shown.holds = body.holds.map(self.shown)
        shown.hidden = left.isEmpty ? nil : left
        return shown
    }

    package func shown(_ body: HoldBody) -> HoldBody {
        var shown = body
        shown.reason = masked(body.reason)
        shown.placed_by = masked(body.placed_by)
        shown.released_by = body.released_by.map(masked)
        return shown
    }

    package func shown(_ body: LockBody) -> LockBody {
        var shown = body
        shown.reason = masked(body.reason)
        shown.placed_by = masked(body.placed_by)
        if hidden.contains(.imei) { for place in body.terminals.indices { shown.terminals[place].imei = body.terminals[place].imei.hidden } }
        return shown
    }

    package func shown(_ body: DrillBody) -> DrillBody {
        var shown = body
        if hidden.contains(.imei) { for place in body.terminals.indices { shown.terminals[place].imei = body.terminals[place].imei.hidden } }
        return shown
    }

    /// A terminal acts under its IMEI, so the actor may tell it too. The hash stays that of the whole note.
    package func shown(_ body: NoteBody) -> NoteBody {
        var shown = body
        shown.text = masked(body.text)
        shown.actor = masked(body.actor)
        return shown
    }

    /// Where IMEIs are hidden, the text with no more of each number that can be one than its last four digits.
    package func masked(_ text: String) -> String { hidden.contains(.imei) ? LongNumbers.masked(in: text) : text }
}
