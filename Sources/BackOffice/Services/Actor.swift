import Store
package import Wire

/// Who causes a change and through what: what every note records.
package struct Actor: Codable, Sendable, Equatable {
    package var name: String
    package var role: Role?
    package var via: String
    package var address: String?

    package init(name: String, role: Role?, via: String, address: String?) {
        self.name = name
        self.role = role
        self.via = via
        self.address = address
    }

    package static let system = Actor(name: "system", role: nil, via: "system", address: nil)

    /// A terminal acts under its IMEI.
    static func terminal(_ imei: IMEI, address: String?) -> Actor {
        Actor(name: "terminal:\(imei)", role: nil, via: "terminal", address: address)
    }

    /// Whether this is the same person as another's name in the records: a token counts as the person that it is named after.
    func isSamePerson(as other: String) -> Bool { Self.person(name) == Self.person(other) }

    /// Tokens are named freely, so case and spaces make nobody another person.
    private static func person(_ name: String) -> String {
        for prefix in ["user:", "token:"] where name.hasPrefix(prefix) { return String(name.dropFirst(prefix.count)).trimmed.lowercased() }
        return name
    }

    func note(on subject: Subject, at: Timestamp, kind: String, text: String, ticket: String? = nil) -> NewNote {
        note(about: NoteSubject(subject), at: at, kind: kind, text: text, ticket: ticket)
    }

    /// On the back office's own record.
    func officeNote(at: Timestamp, kind: String, text: String) -> NewNote { note(about: .office, at: at, kind: kind, text: text, ticket: nil) }

    func note(about subject: NoteSubject, at: Timestamp, kind: String, text: String, ticket: String?) -> NewNote {
        NewNote(subject: subject, at: at, actor: name, role: role, via: via, sourceAddress: address, kind: kind, text: text, ticket: ticket)
    }
}
