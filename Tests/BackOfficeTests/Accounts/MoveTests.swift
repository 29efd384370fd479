import TestSupport
import Testing
import Wire

@Suite struct MoveTests {
    private func move(_ imei: String, to reference: String, _ api: API, ticket: String? = nil, note: String = "new shop") throws -> Reply {
        let ticket = ticket.map { #","ticket":"\#($0)""# } ?? ""
        return try api.post("/v1/devices/\(imei)/move", #"{"account":"\#(reference)","note":"\#(note)"\#(ticket)}"#)
    }

    private func accounts(_ count: Int, _ api: API) throws -> [String] {
        try (0..<count).map { _ in
            let reference = Names.reference()
            try api.addAccount(reference)
            return reference
        }
    }

    @Test func registersItThereAtOnceAndLeavesANoteEverywhere() throws {
        let api = try Shared.api
        let both = try accounts(2, api)
        let terminal = try TestTerminal.connected(api, account: both[0])
        let before = try terminal.poll(after: 0)
        #expect(before.acc?.text == both[0])
        let waiting = try terminal.startPoll(after: before.rev)
        let reply = try move(terminal.imei, to: both[1], api, ticket: "T-7")
        #expect(reply.status == 200 && reply.json["account"].string == both[1], "\(reply.text)")
        let lease = try terminal.lease(waiting)
        #expect(lease.acc?.text == both[1] && !lease.locked && lease.rev > before.rev)
        for path in both.map({ "/v1/accounts/\($0)/notes" }) {
            let note = try api.must(200, "GET", path)["notes"][0]
            #expect(note["kind"].string == "device_moved" && note["ticket"].string == "T-7")
            #expect(note["text"].string == "Device \(terminal.imei) moved from \(both[0]) to \(both[1]): new shop")
        }
        #expect(try api.must(200, "GET", "/v1/accounts/\(both[0])")["devices"].array.isEmpty)
        #expect(try api.must(200, "GET", "/v1/accounts/\(both[1])")["devices"][0]["registered"].bool == true)
        for (reference, reason) in zip(both, ["registered_to_another_account", nil]) {
            let answer = try api.must(
                200, "POST", "/v1/authorizations",
                #"{"account":"\#(reference)","imei":"\#(terminal.imei)","channel":"KazTimpaPro","operation":"airtime_vend"}"#)
            #expect(answer["reason"].string == reason)
        }
    }

    @Test func takesItsOwnHoldsAlongAndLeavesTheAccounts() throws {
        let api = try Shared.api
        let both = try accounts(2, api)
        let terminal = try TestTerminal.connected(api, account: both[0])
        try api.lock(both[0])
        try api.must(201, "POST", "/v1/devices/\(terminal.imei)/holds", #"{"kind":"fraud","reason":"tampered"}"#)
        let moved = try move(terminal.imei, to: both[1], api).json
        #expect(moved["holds"].array.map { $0["kind"].string } == ["fraud"])
        #expect(try terminal.poll(after: 0).reasons == ["device_locked"], "the account's lock stays with the account")
        #expect(try api.get("/v1/accounts/\(both[1])").json["locked"].bool == false)
    }

    @Test func confirmsTheLocksOfTheAccountThatItComesTo() throws {
        let api = try Shared.api
        let both = try accounts(2, api)
        let hold = try api.lock(both[1])
        let terminal = try TestTerminal.connected(api, account: both[0])
        #expect(try move(terminal.imei, to: both[1], api).status == 200)
        let lease = try terminal.poll(after: 0)
        #expect(lease.reasons == ["account_locked"])
        _ = try terminal.poll(after: lease.rev)
        try eventually("the terminal's confirmation") {
            let lock = try api.must(200, "GET", "/v1/accounts/\(both[1])/locks")["locks"].array.first { $0["id"].string == hold }
            return lock?["terminals"].array.contains { $0["imei"].string == terminal.imei && $0.has("enforced_at") } == true
        }
    }

    @Test func refusesWhatIsNoMove() throws {
        let api = try Shared.api
        let both = try accounts(2, api)
        let imei = Names.imei()
        expectProblem(try move(imei, to: both[0], api), 404, "device_not_found")
        try api.addDevice(imei)
        expectProblem(try move(imei, to: both[0], api), 409, "not_registered")
        try api.must(200, "POST", "/v1/devices", #"{"imei":"\#(imei)","account":"\#(both[0])"}"#)
        expectProblem(try move(imei, to: both[0], api), 409, "already_there")
        expectProblem(try move(imei, to: Names.reference(), api), 404, "account_not_found")
        expectProblem(try move(imei, to: both[1], api, note: " "), 400, "text_required")
        try api.must(200, "POST", "/v1/accounts/\(both[1])/closure", #"{"note":"n"}"#)
        expectProblem(try move(imei, to: both[1], api), 409, "account_closed")
        #expect(try api.get("/v1/devices/\(imei)").json["account"].string == both[0])
        try api.must(200, "POST", "/v1/devices/\(imei)/decommission", #"{"note":"n"}"#)
        expectProblem(try move(imei, to: both[1], api), 409, "already_decommissioned")
    }

    /// Whoever moves, registers, closes or imports at the same time: an IMEI is on one account, and its notes tell one story.
    @Test func neverPutsOneDeviceOnTwoAccounts() async throws {
        let server = try InProcess()
        let api = server.api
        let references = (0..<4).map { "RACE-\($0)" }
        for reference in references { try api.addAccount(reference) }
        let imeis = (0..<5).map { _ in Names.imei() }
        for imei in imeis { try api.addDevice(imei, account: "RACE-0") }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<4 {
                group.addTask {
                    for round in 0..<15 {
                        let imei = imeis[(round + worker) % imeis.count]
                        let target = references[(round * 7 + worker) % references.count]
                        switch (round + worker) % 5 {
                        case 0: _ = try api.post("/v1/devices", #"{"imei":"\#(imei)","account":"\#(target)"}"#)
                        case 1 where worker == 1:
                            _ = try api.post("/v1/accounts/\(target)/closure", #"{"note":"n"}"#)
                            _ = try api.delete("/v1/accounts/\(target)/closure", #"{"note":"n"}"#)
                        case 2:
                            let file = "reference,owner_name,devices\nIN-\(worker)-\(round),N,\(imei)\n"
                            _ = try api.call("POST", "/v1/accounts/import", bytes: Array(file.utf8))
                        default: _ = try api.post("/v1/devices/\(imei)/move", #"{"account":"\#(target)","note":"n"}"#)
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        let accounts = try api.must(200, "GET", "/v1/accounts?limit=200")["accounts"].array
        var owners: [String: [String]] = [:]
        for account in accounts {
            for device in account["devices"].array where device["registered"].bool == true {
                owners[device["imei"].string ?? "", default: []].append(account["reference"].string ?? "")
            }
        }
        #expect(owners.values.allSatisfy { $0.count == 1 }, "\(owners)")
        for imei in imeis {
            let account = try api.must(200, "GET", "/v1/devices/\(imei)")["account"].string
            #expect(owners[imei] == account.map { [$0] })
        }
    }
}
