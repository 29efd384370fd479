import AgentCore
import LockRules
import Testing
import Wire

/// Invariant 1: every standing a terminal can be in, met by every operation.
struct GateTableTests {
    enum Row: String, CaseIterable {
        case notEnrolled, stateUnreadable, noLease, unlocked, leaseExpired, locked, lockedAndExpired, lockedAfterRestart
        case lockedNotStored, unlockNotStored, leaseWithoutTime, healed

        /// `nil`: permitted.
        var reason: Reason? {
            switch self {
            case .notEnrolled: .notEnrolled
            case .stateUnreadable: .stateUnreadable
            case .noLease: .noLease
            case .unlocked, .healed: nil
            case .leaseExpired, .leaseWithoutTime: .leaseExpired
            case .locked, .lockedAndExpired, .lockedAfterRestart, .lockedNotStored, .unlockNotStored: .accountLocked
            }
        }

        var rig: Rig {
            var rig = Rig()
            switch self {
            case .notEnrolled:
                rig.isEnrolled = false
                rig.start()
            case .stateUnreadable:
                rig.state = nil
                rig.start()
            case .noLease: rig.start()
            case .unlocked:
                rig.start()
                rig.answer(rig.lease(5))
                rig.advance(.milliseconds(239_999))
            case .leaseExpired:
                rig.start()
                rig.answer(rig.lease(5))
                rig.advance(.seconds(240))
            case .locked:
                rig.start()
                rig.answer(rig.lease(5, locked: true))
            case .lockedAndExpired:
                rig.start()
                rig.answer(rig.lease(5, locked: true))
                rig.advance(.seconds(3600))
            case .lockedAfterRestart:
                rig.start()
                rig.answer(rig.lease(5, locked: true))
                rig.restart()
            case .lockedNotStored:
                rig.start()
                rig.answer(rig.lease(5))
                rig.isDiskFull = true
                rig.answer(rig.lease(6, locked: true))
            case .unlockNotStored:
                rig.start()
                rig.answer(rig.lease(5, locked: true))
                rig.isDiskFull = true
                rig.answer(rig.lease(6))
            case .leaseWithoutTime:
                rig.start()
                rig.answer(rig.lease(5, ttl: 0))
            case .healed:
                rig.state = nil
                rig.start()
                rig.answer(rig.lease(5))
            }
            return rig
        }
    }

    @Test(arguments: Row.allCases, Operation.allCases)
    func decidesAsTheTableSays(row: Row, operation: Wire.Operation) {
        var rig = row.rig
        let decision = rig.ask(operation)
        guard operation.isSpending else {
            #expect(decision.permitted, "\(operation) never uses the vendor's funds")
            return
        }
        #expect(decision.permitted == (row.reason == nil))
        #expect(decision.reason == row.reason?.rawValue)
        #expect((decision.message == nil) == decision.permitted)
        if decision.permitted { #expect(decision.lease_ms > 0) }
    }

    @Test(arguments: Row.allCases)
    func anUnknownOperationIsAnErrorInEveryStanding(row: Row) {
        var rig = row.rig
        for name in ["airtime", "", "AIRTIME_VEND", "airtime_vend "] {
            let error = #expect(throws: UnknownOperation.self) { _ = try rig.terminal.ask(name, now: rig.moment) }
            #expect(error?.operation == name)
        }
    }

    @Test(arguments: Row.allCases)
    func theStateSaysWhatTheGateDoes(row: Row) {
        var rig = row.rig
        let state = rig.terminal.gateState(at: rig.now)
        #expect(state.locked == !rig.ask(.airtimeVend).permitted)
        #expect(state.reasons == (row.reason.map { [$0.rawValue] } ?? []))
        #expect(state.blocked.isEmpty == !state.locked)
    }
}
