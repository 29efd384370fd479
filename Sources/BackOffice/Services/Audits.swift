import Signing
package import Store
import Synchronization
import Wire

/// The notes, verified from the first to the last.
final class Audits: Sendable {
    private let environment: Environment
    private let isRunning = Mutex(false)

    init(environment: Environment) { self.environment = environment }

    /// One at a time: a million notes take a core for seconds.
    func verify() throws -> AuditBody {
        let begins = isRunning.withLock { isRunning in
            defer { isRunning = true }
            return !isRunning
        }
        guard begins else { throw Problem(.auditRunning, "The notes are being verified for somebody else. Try again when that has ended.") }
        defer { isRunning.withLock { $0 = false } }
        let at = environment.now
        return AuditBody(try NoteVerification(of: environment.store, chain: NoteChain.stored), at: at)
    }
}

extension NoteChain {
    /// The chain as stores keep it.
    package static let stored = NoteChain(sha256: { Digest.sha256($0) })
}
