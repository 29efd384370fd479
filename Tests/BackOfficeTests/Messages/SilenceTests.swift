import TestSupport
import Testing
import Wire

/// A terminal that obeyed a lock and is heard no more.
@Suite struct SilenceTests {
    private let office: WhatsAppOffice
    private var api: API { office.api }

    init() throws {
        office = try WhatsAppOffice()
        try office.account(channels: ["KazTimpaPro"])
        try office.tick()
    }

    private func raised() throws -> Double { try api.metric("vendlock_alerts_total{kind=\"locked_silent\"}") ?? 0 }

    /// Time goes by a minute at a time, as for a server that ticks.
    private func pass(minutes: Int) throws {
        for _ in 0..<minutes {
            office.clock.advance(by: .seconds(60))
            try office.tick()
        }
    }

    @Test func isToldOfOnceForEachSilence() throws {
        let terminal = try TestTerminal.connected(api, account: "12345678")
        try api.lock("12345678")
        let revision = try terminal.poll(after: terminal.poll(after: 0).rev).rev
        try pass(minutes: 3)
        #expect(try raised() == 0, "its lease may still run")
        try pass(minutes: 30)
        #expect(try raised() == 1)
        try office.alert("has not been heard since")
        // Heard again, silent again: another silence.
        _ = try terminal.poll(after: revision)
        try pass(minutes: 30)
        #expect(try raised() == 2)
    }

    @Test func isNoAlertForATerminalThatIsNotLockedOrHasNotObeyedYet() throws {
        _ = try TestTerminal.connected(api, account: "12345678")
        try pass(minutes: 30)
        #expect(try raised() == 0)
        try api.lock("12345678")
        try pass(minutes: 30)
        #expect(try raised() == 0, "not_confirmed tells of this one")
    }
}
