import TestSupport
import Testing
import Wire

/// Seeded random sequences of what staff and terminals do, over restarts, with the invariants checked after each step.
@Suite struct RandomTests {
    private struct Seeded: RandomNumberGenerator {
        var state: UInt64
        /// SplitMix64.
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
    }

    /// What the test knows to be so, from its own requests alone.
    private struct World {
        var channels: [String: Set<String>] = [:]
        var accountHolds: [String: Set<String>] = [:]
        var deviceHolds: [String: Set<String>] = [:]
        var registered: [String: String] = [:]
    }

    private static let channels = ["KazTimpaPro", "KazangMobi2", "KazTimpaX"]
    private static let accounts = ["RAND-0001", "RAND-0002"]

    @Test(arguments: 1...6 as ClosedRange<UInt64>) func keepsTheInvariants(_ seed: UInt64) throws {
        var random = Seeded(state: seed), server = try ServerProcess(), world = World(), terminals: [TestTerminal] = [], highest: [String: Int64] = [:]
        for account in Self.accounts {
            try server.api.addAccount(account, channels: Array(Self.channels.prefix(2)))
            world.channels[account] = Set(Self.channels.prefix(2))
        }
        for number in 0..<5 {
            let account = number < 2 ? Self.accounts[number] : nil
            let terminal = try TestTerminal.connected(
                server.api, account: account, claims: account == nil ? Self.accounts[number % 2] : nil, on: Self.channels[number % 3])
            world.registered[terminal.imei] = account
            terminals.append(terminal)
        }
        for step in 0..<100 {
            try change(&world, terminals, &server, &random)
            for terminal in terminals { try check(terminal, world, server.api, &highest, "seed \(seed), step \(step)") }
            try checkSeats(terminals, world, server.api, "seed \(seed), step \(step)")
        }
    }

    private func change(_ world: inout World, _ terminals: [TestTerminal], _ server: inout ServerProcess, _ random: inout Seeded) throws {
        let account = Self.accounts.randomElement(using: &random)!, terminal = terminals.randomElement(using: &random)!, api = server.api
        let device = "/v1/devices/\(terminal.imei)/holds", kind = ["vendor", "staff", "fraud"].randomElement(using: &random)!
        switch Int.random(in: 0..<20, using: &random) {
        case 0...3: world.accountHolds[account, default: []].insert(try api.lock(account, kind: kind))
        case 4...8:
            guard let id = world.accountHolds[account]?.sorted().randomElement(using: &random) else { return }
            try api.release(id, of: account)
            world.accountHolds[account]?.remove(id)
        case 9...10:
            let hold = try api.must(201, "POST", device, #"{"kind":"\#(kind)","reason":"random"}"#)
            world.deviceHolds[terminal.imei, default: []].insert(hold["id"].string ?? "")
        case 11...13:
            guard let id = world.deviceHolds[terminal.imei]?.sorted().randomElement(using: &random) else { return }
            try api.must(200, "DELETE", device + "/\(id)", #"{"note":"random"}"#)
            world.deviceHolds[terminal.imei]?.remove(id)
        case 14...15:
            let set = Self.channels.shuffled(using: &random).prefix(Int.random(in: 1...3, using: &random))
            let list = set.map { "\"\($0)\"" }.joined(separator: ",")
            try api.must(200, "PUT", "/v1/accounts/\(account)/locked-channels", #"{"channels":[\#(list)],"ticket":"T","force_reason":"random"}"#)
            world.channels[account] = Set(set)
        case 16...17:
            terminal.claims = [account, account, nil, "RAND-NONE"].randomElement(using: &random)!
            try terminal.connect()
        case 18:
            guard world.registered[terminal.imei] == nil, Int.random(in: 0..<3, using: &random) == 0 else { return }
            try #require(api.post("/v1/devices", #"{"imei":"\#(terminal.imei)","account":"\#(account)"}"#).status == 200)
            world.registered[terminal.imei] = account
        default:
            try server.kill()
            server = try server.successor()
            for terminal in terminals { terminal.server = server.api.with(token: nil) }
        }
    }

    /// The lease of one terminal against what must be so.
    private func check(_ terminal: TestTerminal, _ world: World, _ api: API, _ highest: inout [String: Int64], _ place: String) throws {
        let reply = try terminal.startPoll(after: nil), answer = try reply.connection.reply()
        let lease = answer.status == 401 ? try terminal.connect() : try terminal.verified(answer.body, nonce: reply.nonce)
        let place = "\(place): \(terminal.imei) on \(terminal.channel) claiming \(terminal.claims ?? "none")"
        #expect(lease.rev >= highest[terminal.imei, default: 0], "\(place)")
        highest[terminal.imei] = lease.rev
        // Fewer than all of the account's devices may be open, and which is another test's; every other reason is known here.
        let reasons = Set(lease.reasons ?? []).subtracting(["too_many_devices"])
        #expect(reasons == expected(terminal, world), "\(place)")
        #expect(lease.locked == (lease.reasons != nil) && lease.locked == (lease.blocked != nil), "\(place)")
        guard let account = terminal.claims ?? world.registered[terminal.imei] else { return }
        let question = #"{"account":"\#(account)","imei":"\#(terminal.imei)","channel":"\#(terminal.channel)","operation":"airtime_vend"}"#
        let decision = try api.must(200, "POST", "/v1/authorizations", question)
        #expect(decision["permitted"].bool == !lease.locked, "two gates, one rule: \(place)")
        #expect(decision["reason"].string == lease.reasons?.first, "\(place)")
    }

    private func expected(_ terminal: TestTerminal, _ world: World) -> Set<String> {
        var reasons: Set<String> = []
        let registered = world.registered[terminal.imei]
        if let registered, let claim = terminal.claims, claim != registered { reasons.insert("registered_to_another_account") }
        if world.deviceHolds[terminal.imei]?.isEmpty == false { reasons.insert("device_locked") }
        guard let governing = registered ?? terminal.claims else { return reasons.union(["device_not_registered"]) }
        guard let channels = world.channels[governing] else { return reasons.union(["account_unknown"]) }
        if !channels.contains(terminal.channel) { reasons.insert("channel_not_permitted") }
        if world.accountHolds[governing]?.isEmpty == false { reasons.insert("account_locked") }
        return reasons
    }

    /// Never more open devices than the account may have.
    private func checkSeats(_ terminals: [TestTerminal], _ world: World, _ api: API, _ place: String) throws {
        for account in Self.accounts {
            let governed = terminals.filter { (world.registered[$0.imei] ?? $0.claims) == account }
            let open = try governed.filter { terminal in
                let reply = try terminal.startPoll(after: nil), answer = try reply.connection.reply()
                return answer.status == 200 ? try !terminal.verified(answer.body, nonce: reply.nonce).locked : false
            }
            #expect(open.count <= (world.channels[account]!.count >= 2 ? 2 : 1), "\(place): \(account)")
        }
    }
}
