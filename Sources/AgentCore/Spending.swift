/// What may still be spent on the lease in force: its cap, and what the gate has permitted on it.
///
/// The count is in memory only. A restart of the agent ends the lease as well, so until the next accepted one nothing is spent at all: what was
/// permitted is never counted too low after a crash, and counting costs the flash nothing.
struct Spending: Sendable, Equatable {
    /// Cents; `nil`: no cap.
    let cap: Int64?
    /// Cents of the checks that were permitted; counted only under a cap.
    private(set) var permitted: Int64 = 0
    /// Something did not fit or nothing is left: the server is to be heard before its wait is over.
    private(set) var needsServer = false

    init(cap: Int64?) { self.cap = cap.map { max(0, $0) } }

    /// For a time in which nobody counted: nothing is left.
    init(usedUp cap: Int64?) {
        self.init(cap: cap)
        permitted = self.cap ?? 0
    }

    var isUsedUp: Bool { cap.map { permitted >= $0 } ?? false }

    /// Counts an amount if it still fits. One that is not named may be any: it never fits under a cap.
    mutating func take(_ amountCents: Int64?) -> Bool {
        guard let cap else { return true }
        guard !isUsedUp, let amountCents, (0...(cap - permitted)).contains(amountCents) else {
            needsServer = true
            return false
        }
        permitted += amountCents
        needsServer = needsServer || isUsedUp
        return true
    }
}
