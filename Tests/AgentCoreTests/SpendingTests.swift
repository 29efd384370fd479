import AgentCore
import LockRules
import Testing
import Wire

/// The cap: what may be spent before the server is heard again.
struct SpendingTests {
    struct Row: CustomTestStringConvertible, Sendable {
        var cap: Int64?
        /// What is asked for, in this order, and whether it is permitted.
        var asks: [(amount: Int64?, permitted: Bool)]
        var testDescription: String { "cap \(cap.map(String.init) ?? "none"), \(asks.count) checks" }
    }

    @Test(arguments: [
        Row(cap: nil, asks: [(1_000_000, true), (nil, true), (.max, true), (.max, true)]),
        Row(cap: 1000, asks: [(1000, true), (1, false), (0, false), (nil, false)]),
        Row(cap: 1000, asks: [(600, true), (401, false), (400, true), (0, false)]),
        Row(cap: 1000, asks: [(1001, false), (.max, false), (999, true), (.max, false), (1, true), (1, false)]),
        Row(cap: 1000, asks: [(nil, false), (1000, true)]),
        Row(cap: 1000, asks: [(-1, false), (0, true), (1000, true)]),
        Row(cap: 0, asks: [(0, false), (1, false)]),
        Row(cap: -5, asks: [(0, false), (1, false)]),
        Row(cap: .max, asks: [(.max, true), (1, false)]),
    ])
    func permitsUpToTheCap(row: Row) {
        var rig = Rig()
        rig.start()
        rig.answer(rig.lease(5, cap: row.cap))
        for (place, ask) in row.asks.enumerated() {
            let decision = rig.ask(.airtimeVend, amount: ask.amount)
            #expect(decision.permitted == ask.permitted, "check \(place)")
            #expect(decision.reason == (ask.permitted ? nil : "spend_cap_reached"))
            #expect(decision.lease_ms == 240_000)
        }
    }

    @Test func everySpendingOperationCountsAndNoOther() {
        var rig = Rig()
        rig.start()
        rig.answer(rig.lease(5, cap: 700))
        for operation in Operation.allCases { #expect(rig.ask(operation, amount: 100).permitted) }
        for operation in Operation.allCases { #expect(rig.ask(operation, amount: 1).permitted == !operation.isSpending) }
    }

    @Test func theNextLeaseStartsAnewAndARefusedOneDoesNot() {
        var rig = Rig()
        rig.start()
        rig.answer(rig.lease(5, cap: 100))
        #expect(rig.ask(.dataVend, amount: 100).permitted)
        rig.answer(rig.lease(6, nonce: "replayed", cap: 100))
        #expect(!rig.ask(.dataVend, amount: 1).permitted)
        rig.advance(.seconds(1))
        rig.answer(rig.lease(5, cap: 50))
        #expect(!rig.ask(.dataVend, amount: 51).permitted)
        #expect(rig.ask(.dataVend, amount: 50).permitted)
        rig.answer(rig.lease(5))
        #expect(rig.ask(.dataVend, amount: 1_000_000).permitted)
    }

    /// A restart ends the lease too, so that it gives nothing back.
    @Test func aRestartGivesNothingBack() {
        var rig = Rig()
        rig.start()
        rig.answer(rig.lease(5, cap: 100))
        #expect(rig.ask(.dataVend, amount: 90).permitted)
        let writes = rig.stateWrites
        rig.restart()
        #expect(rig.ask(.dataVend, amount: 1).reason == "no_lease")
        #expect(rig.stateWrites == writes, "counting costs the flash nothing")
        rig.answer(rig.lease(5, cap: 100))
        #expect(rig.ask(.dataVend, amount: 100).permitted)
    }

    @Test func watchersAreToldWhenNothingMoreMayBeSpent() {
        var rig = Rig()
        rig.start()
        rig.answer(rig.lease(5, cap: 100))
        let before = rig.notices
        #expect(rig.ask(.dataVend, amount: 99).permitted)
        #expect(rig.notices == before)
        #expect(rig.ask(.dataVend, amount: 1).permitted)
        #expect(rig.notices == before + 1)
        #expect(rig.terminal.gateState(at: rig.now).reasons == ["spend_cap_reached"])
        rig.advance(.seconds(240))
        #expect(rig.terminal.gateState(at: rig.now).reasons == ["lease_expired"])
    }

    /// The server is there, and its poll would wait for minutes: the terminal asks at once, and once only.
    @Test(arguments: [100, 101] as [Int64]) func aConnectedTerminalAsksAtOnceWhenTheCapStopsIt(amount: Int64) {
        var rig = Rig()
        rig.start()
        rig.answer(rig.lease(5, cap: 100))
        rig.advance(.seconds(3))
        let parked = rig.request?.nonce
        #expect(rig.ask(.dataVend, amount: amount).permitted == (amount == 100))
        guard case .poll(let after, let nonce, let wait) = rig.request else {
            Issue.record("no poll")
            return
        }
        #expect(after == 5 && wait == 0 && nonce != parked)
        _ = rig.ask(.dataVend, amount: 101)
        #expect(rig.request?.nonce == nonce, "one for each lease, however often it is asked")
        rig.answer(rig.lease(5, cap: 100))
        #expect(rig.ask(.dataVend, amount: 99).permitted)
        rig.advance(.seconds(20))
        guard case .poll(_, _, 110) = rig.request else {
            Issue.record("the next poll waits again: \(String(describing: rig.request))")
            return
        }
    }

    @Test func aRefusalUnderTheCapIsReported() {
        var rig = Rig()
        rig.start()
        rig.answer(rig.lease(5, cap: 100))
        _ = rig.ask(.moneyTransfer, amount: 101)
        rig.advance(.seconds(2))
        let event = rig.spooled.first { $0.kind == "gate_refused" }
        #expect(event?.reason == "spend_cap_reached")
        #expect(event?.amount_cents == 101)
    }

    /// The documented rule for a sale in flight: an answer counts for the moment it was given.
    @Test func aSaleInFlightWhenTheLockArrivesStandsAndTheNextIsRefused() {
        var rig = Rig()
        rig.start()
        rig.answer(rig.lease(5, cap: 100))
        #expect(rig.ask(.airtimeVend, amount: 60).permitted)
        rig.answer(rig.lease(6, locked: true, cap: 100))
        #expect(rig.ask(.airtimeVend, amount: 10).reason == "account_locked")
        rig.advance(.seconds(2))
        let refusals = rig.spooled.filter { $0.kind == "gate_refused" }
        #expect(refusals.map(\.amount_cents) == [10], "the sale before the lock is no refusal, the one after it is")
    }
}
