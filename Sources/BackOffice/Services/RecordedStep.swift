import Store
import Wire

/// A step on an account that is on its record even when it is refused.
///
/// A refusal that must leave a note is a value of the transaction, not an error: an error would undo the note. So what may refuse only reads.
struct RecordedStep: Sendable {
    let environment: Environment
    let reference: AccountReference
    let actor: Actor
    /// The note's kind when it is refused.
    let refusedKind: String
    /// What was asked for, as the beginning of that note: `Approval of number change num_1`.
    let what: String

    /// - Parameters:
    ///   - check: throws a problem of status 409 where things stand so that the step may not be done: that is noted. Anything else it throws
    ///     leaves no trace.
    ///   - work: does it and writes its own note.
    func run<Checked, Value: Sendable>(
        now: Timestamp, check: @escaping @Sendable (any StoreReader) throws -> Checked,
        work: @escaping @Sendable (Checked, any StoreWriter) throws -> Value
    ) throws -> Value {
        let outcome: Result<Value, Problem> = try environment.store.write { writer in
            let checked: Checked
            do { checked = try check(writer) } catch let problem as Problem where problem.status == 409 {
                try writer.appendNote(
                    actor.note(on: .account(reference), at: now, kind: refusedKind, text: "\(what) refused (\(problem.code)): \(problem.detail)"))
                return .failure(problem)
            }
            return .success(try work(checked, writer))
        }
        return try outcome.get()
    }
}
