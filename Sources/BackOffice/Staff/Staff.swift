import Wire
package import Signing
import Store

/// The people who work here: who they are, what they sign in with, and their sessions. Changes of each topic are in files of their own.
package struct Staff: Sendable {
    let environment: Environment
    let table: StaffTable
    let turns: HashTurns
    let refusals: CountedNotes
    let cost: PasswordHash.Cost
    let decoy: PasswordHash

    /// - Parameter cost: of a password's hash.
    package init(environment: Environment, cost: PasswordHash.Cost = .standard) throws {
        self.environment = environment
        self.cost = cost
        turns = HashTurns()
        table = try StaffTable(environment: environment)
        refusals = CountedNotes()
        decoy = Password.decoy(cost)
    }

    package func list() throws -> UserListBody {
        UserListBody(users: try environment.store.read { try $0.users() }.map { UserBody($0) })
    }

    /// Writes down when sessions were used.
    package func flush() { table.flush() }

    static func existing(_ name: String, in reader: any StoreReader) throws -> UserRecord {
        guard let user = try reader.user(name) else {
            throw Problem(.userNotFound, "There is no user named '\(name.prefix(32))'. GET /v1/users lists them.")
        }
        return user
    }

    /// What nobody does to themselves is refused, and that is on the record.
    func refuseOneself(_ name: String, _ what: String, by actor: Actor) throws {
        guard actor.name == "user:\(name)" else { return }
        let problem = Problem(.samePerson, "You cannot \(what) yourself: another administrator does it.")
        try refuse(problem, kind: "user_change_refused", text: "Tried to \(what) themselves.", by: actor)
    }

    /// Puts the refusal on record, then throws it.
    func refuse(_ problem: Problem, kind: String, text: String, by actor: Actor) throws -> Never {
        let now = environment.now
        let note = actor.officeNote(at: now, kind: kind, text: text)
        try environment.store.write { [refusals] writer in
            try refusals.record(note, as: "\(kind) \(actor.name) \(text)", now: now, in: writer)
        }
        throw problem
    }
}
