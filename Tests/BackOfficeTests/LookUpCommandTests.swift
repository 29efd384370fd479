import TestSupport
import Testing
import Wire

/// `account find` and `locks`
@Suite struct LookUpCommandTests {
    private let reference = Names.reference()

    private func run(_ words: String...) throws -> (status: Int32, output: String, errors: String) {
        try Programs.run(
            Programs.server, words, environment: ["VENDLOCK_URL": Shared.api.url, "VENDLOCK_TOKEN_FILE": Shared.tokenFile, "TZ": "UTC"])
    }

    @Test func findsAnAccountByAPartOfWhatIsKnown() throws {
        try Shared.api.addAccount(reference)
        let terminal = try TestTerminal.connected(Shared.api, account: reference)
        let other = Names.reference()
        try Shared.api.must(
            201, "POST", "/v1/accounts",
            #"{"reference":"\#(other)","owner":{"name":"Nomsa","surname":"O'Brien \#(other)"},"linked_number":"+27827654321","locked_channels":["KazTimpaPro"]}"#
        )
        try Shared.api.lock(other)
        let byName = try run("account", "find", "O'Brien", other)
        #expect(byName.status == 0 && byName.output == "\(other)  LOCKED  +27827654321  Nomsa O'Brien \(other)\n", "\(byName)")
        #expect(try run("account", "find", terminal.imei).output.hasPrefix("\(reference)  not locked"))
        #expect(try run("account", "find", "nobody of this name").output == "no such account\n")
        let json = try JSONValue(Array(run("account", "find", other, "--json").output.utf8))
        #expect(json["accounts"].array.map { $0["reference"].string } == [other])
        #expect(try run("account", "find").status == 2)
    }

    @Test func showsWhichTerminalsHaveConfirmed() throws {
        try Shared.api.addAccount(reference)
        let terminal = try TestTerminal.connected(Shared.api, account: reference)
        #expect(try run("locks", reference).output == "no lock stands on \(reference)\n")
        let released = try Shared.api.lock(reference, reason: "by mistake")
        try Shared.api.release(released, of: reference)
        try Shared.api.lock(reference, kind: "vendor", reason: "Stop")
        let before = try run("locks", reference)
        #expect(before.status == 0 && before.output.contains("locked by vendor since ") && before.output.contains(": Stop"), "\(before)")
        #expect(before.output.contains("\(terminal.imei) has not confirmed; last heard ") && !before.output.contains("by mistake"), "\(before)")
        let lease = try terminal.poll(after: nil)
        #expect(lease.locked)
        _ = try terminal.startPoll(after: lease.rev)
        let confirmed = try eventually("the terminal's confirmation") { () -> String? in
            let output = try run("locks", reference).output
            return output.contains("\(terminal.imei) has stopped, confirmed at ") ? output : nil
        }
        #expect(!confirmed.contains("has not confirmed"))
        let unknown = try run("locks", "ACC-NOBODY")
        #expect(unknown.status == 1 && unknown.errors.contains("account_not_found"))
    }
}
