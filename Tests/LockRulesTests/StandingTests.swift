import LockRules
import Testing
import Wire

/// Invariant 1: one function maps every case to a decision, and this table covers every row.
struct StandingTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var standing: Standing
        /// What a spending operation is refused with; `nil`: permitted.
        var reason: String?
    }

    static let rows: [Row] =
        [
            Row(testDescription: "unlocked, running", standing: .unlocked(revision: 7, remaining: .seconds(9)), reason: nil),
            Row(testDescription: "unlocked, its last instant", standing: .unlocked(revision: 7, remaining: .nanoseconds(1)), reason: nil),
            Row(testDescription: "unlocked, just run out", standing: .unlocked(revision: 7, remaining: .zero), reason: "lease_expired"),
            Row(testDescription: "unlocked, long run out", standing: .unlocked(revision: 7, remaining: .seconds(-1)), reason: "lease_expired"),
            Row(
                testDescription: "locked, lease running",
                standing: .locked(reasons: ["device_locked", "account_locked"], message: nil, revision: 7, remaining: .seconds(9)),
                reason: "device_locked"),
            Row(
                testDescription: "locked, no lease", standing: .locked(reasons: ["account_locked"], message: nil, revision: 7, remaining: .zero),
                reason: "account_locked"),
            Row(
                testDescription: "locked, no reason given", standing: .locked(reasons: [], message: nil, revision: 7, remaining: .zero),
                reason: "account_locked"),
            Row(
                testDescription: "locked for a reason that this build does not know",
                standing: .locked(reasons: ["moon_phase"], message: nil, revision: 7, remaining: .zero), reason: "moon_phase"),
        ]
        + [Reason.notEnrolled, .noLease, .leaseExpired, .stateUnreadable, .spendCapReached].map {
            Row(testDescription: "without: \($0)", standing: .without($0, revision: 7), reason: $0.rawValue)
        }

    @Test(arguments: rows, Operation.allCases)
    func decidesEachCase(_ row: Row, _ operation: Operation) throws {
        let decision = try row.standing.decide(operation.rawValue)
        let refused = operation.isSpending && row.reason != nil
        #expect(decision.permitted == !refused)
        #expect(decision.reason == (refused ? row.reason : nil))
        #expect((decision.message?.isEmpty == false) == refused)
        #expect(decision.revision == 7)
        #expect(decision.lease_ms >= 0)
    }

    @Test(arguments: rows, ["", "airtime", "AIRTIME_VEND", "airtime_vend ", "balance_enquiry\u{0}", "unlock"])
    func anyOtherNameIsAnErrorNeverAPermission(_ row: Row, _ name: String) {
        #expect(throws: UnknownOperation(operation: name)) { try row.standing.decide(name) }
    }

    @Test func theServersSentenceIsShownWhereThereIsOne() {
        let standing = Standing.locked(reasons: ["account_locked"], message: "Jou rekening is gesluit.", revision: 1, remaining: .zero)
        #expect(standing.decide(Operation.airtimeVend).message == "Jou rekening is gesluit.")
        #expect(Reason.allCases.allSatisfy { $0.sentence.hasSuffix(".") })
    }
}
