import Agent
import Platform
import Wire

/// `vendlock-agent status`: lock state, lease, last contact.
enum StatusReport {
    static func perform(_ arguments: Arguments) throws -> Int32 {
        try arguments.expect(words: 0, "")
        let socket = try arguments.gateSocket()
        do throws(GateClient.Failure) {
            let state = try GateClient(socket: socket).state()
            print(arguments.has("json") ? String(decoding: JSON.encode(state), as: UTF8.self) : lines(state))
            return Command.Status.done
        } catch {
            if case .noAnswer(let why) = error { Command.complain("no answer from the gate: \(why)") } else { Command.complain("\(error)") }
            return Command.Status.refused
        }
    }

    private static func lines(_ state: GateState) -> String {
        let contact = state.last_contact_ms.map { "\($0 / 1000) s ago" } ?? "never"
        return """
            terminal      \(state.imei) on \(state.channel)
            account       \(state.account ?? "none")
            lock state    \(state.locked ? "locked: " + state.reasons.joined(separator: ", ") : "unlocked"), revision \(state.revision)
            lease         \(state.lease_ms > 0 ? "\(state.lease_ms / 1000) s left" : "none")
            server        \(state.connected ? "connected" : "not connected"), last heard \(contact)
            """
    }
}
