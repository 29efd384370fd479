import Store
import Wire

extension Requests {
    /// A change of number as a request like any other; its evidence takes the place of level 1's questions.
    func openNumberChange(_ body: NewRequestBody, by actor: Actor) throws -> RequestBody {
        guard let role = actor.role, [Role].desk.contains(role) else {
            throw Problem(.roleMayNot, "The role '\(actor.role?.rawValue ?? "none")' may not open a linked number change; it takes the desk.")
        }
        guard let reference = body.account, let number = body.new_number, let evidence = body.evidence else {
            throw Problem(.invalidRequest, "A linked number change takes 'account', 'new_number', 'text' (why) and 'evidence'.")
        }
        let change = try numberChanges.request(
            NewNumberChangeBody(new_number: number, reason: body.text ?? "", evidence: evidence), for: reference, from: body.source, by: actor)
        let now = environment.now
        return try environment.store.read { reader in
            guard let request = try reader.request(ofNumberChange: change.id) else {
                preconditionFailure("a change of number is stored with its request")
            }
            return try Self.body(of: request, for: actor.role, now: now, in: reader)
        }
    }
}
