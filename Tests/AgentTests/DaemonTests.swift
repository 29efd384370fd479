import Agent
import AgentCore
import Glibc
import Platform
import Synchronization
import Testing
import Varlink
import Wire

/// The daemon against a server that works, lies, is silent or gone.
struct DaemonTests {
    private func running() -> Site {
        let site = Site()
        #expect(site.enrol().succeeded)
        site.start()
        #expect(eventually { site.isPermitted }, "\(site.logText)")
        return site
    }

    @Test func aLockStopsSpendingAndIsAcknowledgedAndAnUnlockLiftsIt() {
        let site = running()
        site.place(locked: true)
        #expect(eventually { !site.isPermitted })
        let refused = site.check("airtime_vend", ["--amount-cents", "5000", "--reference", "A1"])
        #expect(refused.status == 1)
        #expect(refused.output.contains("account_locked: Gesluit. Bel hulp."))
        #expect(site.check("balance_enquiry").status == 0)
        #expect(eventually { site.server.acknowledged == site.server.revision })
        #expect(eventually { site.server.events.contains { $0.kind == "enforced" && $0.revision == site.server.revision } })
        #expect(eventually { site.server.events.contains { $0.kind == "gate_refused" && $0.operation == "airtime_vend" } })
        site.place(locked: false)
        #expect(eventually { site.isPermitted })
        let state = site.gateState
        #expect(state?.account == "ACC-1234")
        #expect(state?.connected == true)
        #expect(state.map { $0.lease_ms > 0 && $0.lease_ms <= 240_000 } == true)
        #expect(site.server.events.first?.kind == "started")
        #expect(site.server.complaints == [])
    }

    @Test(arguments: StandInServer.Forgery.allCases)
    func aForgedLeaseIsNotBelievedAndIsReported(forgery: StandInServer.Forgery) {
        let site = Site()
        #expect(site.enrol().succeeded)
        // A stored revision makes a lower one possible.
        site.server.place(locked: true)
        site.start()
        #expect(eventually { site.server.acknowledged == site.server.revision })
        site.server.set { $0.forgery = forgery }
        site.place(locked: false)
        #expect(eventually { site.gateState?.connected == false })
        #expect(site.reason == "account_locked")
        site.server.set { $0.forgery = nil }
        #expect(eventually { site.isPermitted }, "\(site.logText)")
        #expect(eventually { site.server.events.contains { $0.kind == "lease_rejected" && $0.why == forgery.rawValue } }, "\(site.server.events)")
    }

    @Test(arguments: ["cut", "garbage", "empty", "missing"])
    func aDamagedStateRefusesUntilALeaseHealsIt(damage: String) throws {
        let site = Site()
        #expect(site.enrol().succeeded)
        site.server.place(locked: true)
        site.start()
        #expect(eventually { site.server.acknowledged == site.server.revision })
        site.end(SIGKILL)
        let path = site.state + "/state.b"
        let whole = try File.read(path, limit: 1 << 16)
        switch damage {
        case "cut": try AtomicFile.write(whole[..<(whole.count / 2)], to: path, mode: 0o600)
        case "garbage": try AtomicFile.write((0..<300).map { UInt8(truncatingIfNeeded: $0 &* 37) }, to: path, mode: 0o600)
        case "empty": try AtomicFile.write([UInt8](), to: path, mode: 0o600)
        default: try File.remove(path)
        }
        site.server.set { $0.mood = .silent }
        site.start()
        #expect(site.check().status == 1)
        #expect(site.reason == "state_unreadable")
        site.server.set { $0.mood = .working }
        site.place(locked: false)
        #expect(eventually(within: 40) { site.isPermitted }, "\(site.logText)")
        #expect(eventually { site.server.events.contains { $0.kind == "tamper" && $0.what == "state_unreadable" } })
        guard case .holds(let state)? = try StateDirectory(site.state).open()?.state.read() else {
            Issue.record("not healed")
            return
        }
        #expect(state.revision == site.server.revision)
    }

    @Test func killedWhileLockedItIsLockedAfterTheRestartAlsoWithoutAServer() {
        let site = running()
        site.place(locked: true)
        #expect(eventually { !site.isPermitted })
        #expect(site.end(SIGKILL) == -SIGKILL)
        site.server.stop()
        site.start()
        #expect(site.reason == "account_locked")
        #expect(site.check("deposit_advance").status == 1)
    }

    @Test func killedWhileUnlockedItHasNoLeaseAfterTheRestart() {
        let site = running()
        site.end(SIGKILL)
        site.server.stop()
        site.start()
        #expect(site.reason == "no_lease")
    }

    @Test func theGateAnswersWhileTheNetworkIsStuck() {
        let site = Site()
        #expect(site.enrol().succeeded)
        site.server.set { $0.mood = .silent }
        site.start()
        for _ in 0..<20 { #expect(site.check().status == 1) }
        #expect(site.reason == "no_lease")
    }

    @Test func aLeaseRunsOutWhenTheServerIsGone() {
        let site = Site()
        #expect(site.enrol().succeeded)
        site.server.set {
            $0.ttl = 3
            $0.wait = 1
        }
        site.start()
        #expect(eventually { site.isPermitted })
        site.server.stop()
        #expect(eventually { site.reason == "lease_expired" })
        #expect(site.check().status == 1)
    }

    @Test func theCapEndsSpendingUntilTheServerIsHeardAlsoOverAKill() {
        let site = Site()
        #expect(site.enrol().succeeded)
        site.server.set { $0.cap = 1000 }
        site.start()
        #expect(eventually { site.gateState?.locked == false }, "\(site.logText)")
        #expect(eventually { site.server.acknowledged == site.server.revision })
        let polls = site.server.state.withLock { $0.requestTimes.count }
        site.server.set { $0.mood = .silent }
        #expect(eventually { site.server.state.withLock { $0.requestTimes.count } > polls }, "the last answer is in, and no other will come")
        #expect(site.check("airtime_vend", ["--amount-cents", "600"]).status == 0)
        #expect(site.check("airtime_vend").status == 1, "an amount that is not named may be any")
        let refused = site.check("airtime_vend", ["--amount-cents", "401"])
        #expect(refused.status == 1)
        #expect(refused.output.contains("spend_cap_reached"))
        #expect(site.check("airtime_vend", ["--amount-cents", "400"]).status == 0)
        #expect(site.reason == "spend_cap_reached")
        site.end(SIGKILL)
        site.start()
        #expect(site.check("airtime_vend", ["--amount-cents", "1"]).status == 1, "a restart gives nothing back")
        site.server.set { $0.mood = .working }
        #expect(eventually(within: 40) { site.check("airtime_vend", ["--amount-cents", "1"]).status == 0 }, "\(site.logText)")
    }

    @Test func waitsAsLongAsTheServerAsks() {
        let site = Site()
        #expect(site.enrol().succeeded)
        site.server.set { $0.mood = .refusing("503 Busy", headers: "Retry-After: 2\r\n") }
        site.server.set { $0.requestTimes = [] }
        site.start()
        #expect(eventually { site.server.state.withLock { $0.requestTimes.count } >= 2 })
        let times = site.server.state.withLock { $0.requestTimes }
        #expect(times[1] - times[0] >= 2)
    }

    @Test(arguments: [3 * 86400, -3 * 86400, 400] as [Int64])
    func connectsAlthoughItsClockIsWrong(offset: Int64) {
        let site = Site()
        #expect(site.enrol().succeeded)
        site.server.set { $0.clockOffset = offset }
        site.start()
        #expect(eventually { site.isPermitted }, "\(site.logText)")
    }

    @Test func aRefusedSessionIsReplaced() {
        let site = running()
        site.server.set { $0.mood = .refusing("401 Unauthorized", headers: "") }
        site.place(locked: true)
        #expect(eventually { site.gateState?.connected == false })
        site.server.set { $0.mood = .working }
        #expect(eventually(within: 40) { !site.isPermitted && site.reason == "account_locked" })
        #expect(eventually { site.server.state.withLock { $0.connections.count } >= 2 && site.gateState?.connected == true })
    }

    @Test func aFullDiskHoldsALockInMemoryAndDoesNotAcknowledgeIt() throws {
        let site = Site()
        try Directory.create(site.state, mode: 0o700)
        guard mount("tmpfs", site.state, "tmpfs", 0, "size=64k") == 0 else { return }  // Only root may.
        #expect(site.enrol().succeeded)
        site.start()
        #expect(eventually { site.server.acknowledged == site.server.revision })
        let before = site.server.revision
        let filler = open(site.state + "/filler", O_WRONLY | O_CREAT, 0o600)
        let page = [UInt8](repeating: 1, count: 4096)
        while write(filler, page, page.count) > 0 {}
        close(filler)
        #expect(site.isPermitted, "a full disk does not stop a terminal that is unlocked")
        site.place(locked: true)
        #expect(eventually { !site.isPermitted })
        #expect(site.server.acknowledged == before)
        unlink(site.state + "/filler")
        #expect(eventually(within: 40) { site.server.acknowledged == site.server.revision }, "\(site.logText)")
        #expect(eventually { site.server.events.contains { $0.kind == "enforced" && $0.revision == site.server.revision } })
    }

    @Test func endsInOrderAndKeepsWhatItHasCounted() {
        let site = running()
        site.place(locked: true)
        #expect(eventually { !site.isPermitted })
        #expect(eventually { site.server.events.contains { $0.kind == "enforced" && $0.revision == site.server.revision } })
        site.server.set { $0.mood = .silent }
        for _ in 0..<3 { _ = site.check("bill_payment") }
        #expect(site.end(SIGTERM) == 0)
        #expect(access(site.socket, F_OK) != 0, "the socket goes with it")
        let kept = SpoolFile(site.state + "/events").read()?.events.filter { $0.operation == "bill_payment" } ?? []
        #expect(kept.reduce(0) { $0 + ($1.count ?? 1) } == 3)
        site.server.set { $0.mood = .working }
        site.start()
        #expect(eventually(within: 40) { site.server.events.filter { $0.operation == "bill_payment" }.reduce(0) { $0 + ($1.count ?? 1) } == 3 })
    }

    @Test func aHangUpDoesNotEndIt() {
        let site = running()
        site.signal(SIGHUP)
        #expect(eventually { site.logText.contains("configuration was read again") })
        #expect(site.isPermitted)
    }

    @Test func aSecondAgentIsToldOfTheFirst() {
        let site = running()
        let second = Program.agent(["run", "--config", site.config])
        #expect(second.status == 1)
        #expect(second.errors.contains("stop it first"))
    }

    @Test func anUnknownOperationIsAnErrorWithTheNearestName() {
        let site = running()
        let result = site.check("airtime_vned")
        #expect(result.status == 2)
        #expect(result.errors.contains("did you mean airtime_vend?"))
    }
}
