import Glibc
import TestSupport
import Testing

/// SIGKILL of either program at random moments of a lock. What was said before stands afterwards.
@Suite struct KillTests {
    private static let rounds = 15

    @Test(arguments: Seeds.given(otherwise: 20_261_121)) func aLockOutlivesTheServersDeathOrWasNeverAcknowledged(_ seed: UInt64) throws {
        print("seed of the server's kills: \(seed)")
        var random = SeededGenerator(seed: seed)
        var server = try ServerProcess()
        try server.api.addAccount("KILL-SERVER", channels: ["KazTimpaPro", "KazangMobi2"])
        let agents = [
            try AgentProcess.running(server.api, account: "KILL-SERVER"),
            try AgentProcess.running(server.api, on: "KazangMobi2", claims: "KILL-SERVER"),
        ]
        var answered = 0
        for round in 1...Self.rounds {
            for agent in agents { try agent.waitUntilItPermits() }
            // Before, during and right after the request: a commit takes some milliseconds.
            let killAfter = useconds_t.random(in: 0...12_000, using: &random)
            let postAfter = useconds_t.random(in: 0...6_000, using: &random)
            let api = server.api
            let post = InBackground { () -> Reply? in
                usleep(postAfter)
                // An answer that never came says nothing.
                return try? api.post("/v1/accounts/KILL-SERVER/holds", #"{"kind":"staff","reason":"stolen"}"#)
            }
            usleep(killAfter)
            try server.kill()
            let reply = try post.value()
            let acknowledged = reply?.status == 201 ? reply?.json["id"].string : nil
            if acknowledged != nil { answered += 1 }
            let heard = agents.map { $0.reason() == "account_locked" }
            server = try server.successor(port: server.port)

            let place = "seed \(seed), round \(round): killed after \(killAfter) us, posted after \(postAfter) us, answered \(reply?.status ?? 0)"
            let holds = try server.api.holds(on: "KILL-SERVER")
            if let acknowledged { #expect(holds == [acknowledged], "\(place)") }
            // Durable before visible, on the terminal too.
            if heard.contains(true) { #expect(holds.count == 1, "\(place)") }
            for (agent, hadHeard) in zip(agents, heard) where !holds.isEmpty {
                try eventually("the terminal to be locked: \(place)") {
                    let isLocked = agent.reason() == "account_locked"
                    if hadHeard { #expect(isLocked, "\(place)") }
                    return isLocked
                }
                try eventually("the lock to be enforced: \(place)") {
                    #expect(!agent.permits(), "\(place)")
                    return try server.api.isEnforced(holds[0], on: "KILL-SERVER", by: agent)
                }
            }
            try server.api.releaseAll(on: "KILL-SERVER")
        }
        for agent in agents { try agent.waitUntilItPermits() }
        print("acknowledged before the kill in \(answered) of \(Self.rounds) rounds")
        #expect(try server.stop() == .exit(0))
    }

    @Test(arguments: Seeds.given(otherwise: 20_261_122)) func aTerminalThatIsKilledNeverForgetsALockThatItAcknowledged(_ seed: UInt64) throws {
        print("seed of the agent's kills: \(seed)")
        var random = SeededGenerator(seed: seed)
        let server = try ServerProcess()
        try server.api.addAccount("KILL-AGENT")
        let agent = try AgentProcess.running(server.api, account: "KILL-AGENT")
        var enforced = 0
        for round in 1...Self.rounds {
            try agent.waitUntilItPermits()
            let killAfter = useconds_t.random(in: 0...40_000, using: &random)
            let api = server.api
            let post = InBackground { try api.lock("KILL-AGENT") }
            usleep(killAfter)
            try agent.kill()
            let hold = try post.value()
            let place = "seed \(seed), round \(round): killed after \(killAfter) us"
            let acknowledged = try api.isEnforced(hold, on: "KILL-AGENT", by: agent)
            if acknowledged { enforced += 1 }

            // The server is there and says nothing: what the terminal says now, it knows by itself.
            server.process.signal(SIGSTOP)
            try agent.start()
            let reason = agent.reason()
            #expect(acknowledged ? reason == "account_locked" : ["account_locked", "no_lease"].contains(reason), "\(place): \(reason ?? "permitted")")
            for operation in ["airtime_vend", "deposit_advance"] { #expect(!agent.permits(operation), "\(place)") }
            server.process.signal(SIGCONT)
            try eventually("the terminal to enforce the lock: \(place)") {
                #expect(!agent.permits(), "\(place)")
                return try api.isEnforced(hold, on: "KILL-AGENT", by: agent)
            }
            #expect(agent.reason() == "account_locked", "\(place)")
            // The way back: killed around the unlock, it is open in the end, because the server says so.
            let release = InBackground { try api.release(hold, of: "KILL-AGENT") }
            usleep(useconds_t.random(in: 0...40_000, using: &random))
            try agent.kill()
            try release.value()
            try agent.start()
        }
        try agent.waitUntilItPermits()
        print("enforced before the kill in \(enforced) of \(Self.rounds) rounds")
    }
}
