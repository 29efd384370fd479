import TestSupport
import Testing
import Wire

@Suite struct CommandLineTests {
    /// Runs `vendlock-server` against the shared server.
    private func run(_ words: [String], token: String? = nil, url: String? = nil) throws -> (status: Int32, output: String, errors: String) {
        let api = try Shared.api
        let directory = try TemporaryDirectory()
        let file = try token.map { try directory.write($0 + "\n", to: "token") } ?? Shared.tokenFile
        return try Programs.run(Programs.server, words, environment: ["VENDLOCK_URL": url ?? api.url, "VENDLOCK_TOKEN_FILE": file])
    }

    private func expectDone(_ words: [String], contains parts: [String] = [], at location: SourceLocation = #_sourceLocation) throws {
        let result = try run(words)
        #expect(result.status == 0, "\(words): \(result.errors)", sourceLocation: location)
        #expect(result.errors == "", sourceLocation: location)
        for part in parts { #expect(result.output.contains(part), "\(words): \(result.output)", sourceLocation: location) }
    }

    private func expectOneLine(
        _ result: (status: Int32, output: String, errors: String), _ status: Int32, at location: SourceLocation = #_sourceLocation
    ) {
        #expect(result.status == status, "\(result.output)\(result.errors)", sourceLocation: location)
        #expect(result.errors.hasSuffix("\n") && result.errors.split(separator: "\n").count == 1, "\(result.errors)", sourceLocation: location)
        #expect(result.errors.hasPrefix("vendlock-server: "), "\(result.errors)", sourceLocation: location)
        #expect(result.output.isEmpty, sourceLocation: location)
        for word in ["Error(", "Optional(", "VendlockServer.", "Swift."] {
            #expect(!result.errors.contains(word), "\(result.errors)", sourceLocation: location)
        }
    }

    // MARK: What each command does

    @Test func keepsAccounts() throws {
        let reference = Names.reference()
        try expectDone(
            [
                "account", "add", reference, "--owner", "Test Vendor", "--number", "+27710000007", "--language", "st", "--channel", "KazTimpaPro",
                "--channel=KazangMobi2",
            ], contains: [reference])
        try expectDone(["account", "show", reference], contains: [reference, "Test Vendor", "+27710000007", "KazTimpaPro", "KazangMobi2"])
        let shown = try JSONValue(Array(run(["account", "show", reference, "--json"]).output.utf8))
        #expect(try shown == Shared.api.get("/v1/accounts/\(reference)").json)
        #expect(shown["locked_channels"].strings == ["KazTimpaPro", "KazangMobi2"])
    }

    @Test func keepsDevices() throws {
        let reference = Names.reference()
        let imei = Names.imei()
        try Shared.api.addAccount(reference)
        try expectDone(["device", "register", imei, "--account", reference, "--model", "Timpa Pro"], contains: [imei, reference])
        try expectDone(["device", "show", imei], contains: [imei, reference])
        let code = try run(["device", "code", imei]).output.split(separator: "\n").last.map(String.init) ?? ""
        let terminal = try TestTerminal(imei, server: Shared.api)
        #expect(try terminal.enrol(code: code).status == 201)
        #expect(try JSONValue(Array(run(["device", "show", imei, "--json"]).output.utf8))["enrolled"].bool == true)
        let other = Names.imei()
        #expect(try JSONValue(Array(run(["device", "register", other, "--json"]).output.utf8))["imei"].string == other)
        #expect(try JSONValue(Array(run(["device", "code", other, "--json"]).output.utf8)).has("expires_at"))
    }

    @Test func signsALostDeviceOut() throws {
        let reference = Names.reference()
        try Shared.api.addAccount(reference)
        let device = try TestTerminal.connected(Shared.api, claims: reference)
        expectOneLine(try run(["device", "sign-out", device.imei]), 2)
        try expectDone(["device", "sign-out", device.imei, "--note", "lost on the train"], contains: [device.imei])
        #expect(try !Shared.api.get("/v1/devices/\(device.imei)").json.has("claimed_account"))
    }

    @Test func endsTheEnrolmentOfADevice() throws {
        let terminal = try TestTerminal.enrolled(Shared.api)
        expectOneLine(try run(["device", "reset", terminal.imei]), 2)
        try expectDone(
            ["device", "reset", terminal.imei, "--note", "new board"],
            contains: [terminal.imei, "vendlock-server device code \(terminal.imei)"])
        #expect(try Shared.api.get("/v1/devices/\(terminal.imei)").json["enrolled"].bool == false)
        let again = try run(["device", "reset", terminal.imei, "--note", "again"])
        expectOneLine(again, 1)
        #expect(again.errors.contains("not_enrolled"))
    }

    @Test func takesADeviceOutOfService() throws {
        let imei = Names.imei()
        try Shared.api.addDevice(imei)
        expectOneLine(try run(["device", "decommission", imei]), 2)
        try expectDone(["device", "decommission", imei, "--note", "sold for parts"], contains: [imei, "decommissioned"])
        try expectDone(["device", "show", imei], contains: ["decommissioned"])
        let again = try run(["device", "decommission", imei, "--note", "again"])
        expectOneLine(again, 1)
        #expect(again.errors.contains("already_decommissioned"))
    }

    @Test func locksAndUnlocks() throws {
        let reference = Names.reference()
        try Shared.api.addAccount(reference)
        try expectDone(["lock", reference, "--reason", "stolen at the rank"])
        let hold = try Shared.api.get("/v1/accounts/\(reference)").json["holds"][0]
        #expect(hold["kind"].string == "staff" && hold["reason"].string == "stolen at the rank")
        try Shared.api.lock(reference, kind: "vendor")
        try expectDone(["unlock", reference, "--note", "given back"])
        #expect(try Shared.api.get("/v1/accounts/\(reference)").json["holds"] == .array([]))
        try expectDone(["unlock", reference, "--note", "again"], contains: [reference])
        for words in [["lock", reference, "--reason", "r", "--json"], ["unlock", reference, "--note", "n", "--json"]] {
            _ = try JSONValue(Array(run(words).output.utf8))
        }
    }

    @Test func tellsWhichTerminalsEnforceALock() throws {
        let reference = Names.reference()
        try Shared.api.addAccount(reference)
        let terminal = try TestTerminal.connected(Shared.api, account: reference)
        try expectDone(["lock", reference, "--reason", "r"], contains: [terminal.imei])
    }

    @Test func showsAndSetsChannels() throws {
        let reference = Names.reference()
        try Shared.api.addAccount(reference)
        try expectDone(["channels", reference], contains: ["KazTimpaPro"])
        try expectDone(["channels", reference, "KazangPOS", "KazTimpaX"], contains: ["KazangPOS", "KazTimpaX"])
        #expect(try Shared.api.get("/v1/accounts/\(reference)").json["locked_channels"].strings == ["KazangPOS", "KazTimpaX"])
        #expect(try JSONValue(Array(run(["channels", reference, "--json"]).output.utf8)).has("locked_channels"))
    }

    @Test(arguments: ["call_centre", "senior", "field_agent", "auditor", "switch", "admin"]) func issuesTokens(_ role: String) throws {
        let result = try run(["token", "issue", "--role", role, "--name", Names.reference()])
        #expect(result.status == 0)
        let token = result.output.split(separator: "\n").last.map(String.init)
        #expect(try [200, 403].contains(Shared.api.with(token: token).get("/v1/accounts").status))
        #expect(try JSONValue(Array(run(["token", "issue", "--role", role, "--name", Names.reference(), "--json"]).output.utf8)).has("token"))
    }

    // MARK: Mistakes

    /// The words, and what the error must say.
    private static let mistakes: [([String], String)] = [
        ([], "--help"), (["acount"], "account"), (["account"], "add"), (["account", "ad", "ACC-1"], "add"), (["account", "delete", "ACC-1"], "show"),
        (["frobnicate"], "--help"), (["account", "add", "ACC-1"], "--owner"), (["account", "add", "--owner", "N"], "REF"),
        (["account", "add", "A!", "--owner", "N"], "A!"), (["account", "add", "ACC-1", "--ownr", "N"], "--owner"),
        (["account", "add", "ACC-1", "--owner"], "--owner"),
        (["account", "add", "ACC-1", "ACC-2", "--owner", "N"], "ACC-2"), (["account", "show"], "REF"),
        (["account", "show", "ACC-1", "--jsn"], "--json"),
        (["account", "show", "ACC-1", "extra"], "extra"), (["account", "import"], "FILE"), (["account", "import", "a.csv", "b.csv"], "b.csv"),
        (["device"], "register"), (["device", "register"], "IMEI"), (["device", "register", "490154203237517"], "8"),
        (["device", "register", "000000000000000"], "zeros"),
        (["device", "register", "490154203237518", "--acount", "ACC-1"], "--account"), (["device", "code"], "IMEI"),
        (["device", "code", "12345"], "5"),
        (["device", "show", "49015420323751X"], "digits"), (["lock"], "REF"), (["lock", "ACC-1"], "--reason"),
        (["lock", "ACC-1", "--reason", ""], "--reason"),
        (["lock", "ACC-1", "--resaon", "r"], "--reason"), (["lok", "ACC-1"], "lock"), (["unlock", "ACC-1"], "--note"),
        (["unlock", "--note", "n"], "REF"), (["unlok"], "unlock"),
        (["channels"], "REF"), (["channels", "ACC-1", "Kaz Timpa"], "Kaz Timpa"), (["chanels", "ACC-1"], "channels"), (["token"], "issue"),
        (["token", "issue", "--name", "n"], "--role"), (["token", "issue", "--role", "senor", "--name", "n"], "senior"),
        (["token", "issue", "--role", "admin"], "--name"),
        (["token", "isue"], "issue"), (["backup"], "FILE"), (["backup", "a", "b"], "b"), (["backup", "a", "--dta", "d"], "--data"),
        (["restore"], "FILE"), (["restore", "--data"], "--data"),
        (["serve", "now"], "now"), (["serve", "--listn", "127.0.0.1:0"], "--listen"), (["serve", "--listen", "8480"], "HOST:PORT"),
        (["serve", "--listen", "127.0.0.1:99999"], "HOST:PORT"),
        (["serve", "--listen", ":8480"], "host"), (["serve", "-v"], "-v"), (["account", "show", "ACC-1", "--json=yes"], "--json"),
    ]

    @Test(arguments: mistakes) func explainsATypingMistakeInOneLine(_ words: [String], _ part: String) throws {
        let result = try run(words)
        expectOneLine(result, 2)
        #expect(result.errors.contains(part), "\(result.errors)")
    }

    @Test func saysWhatTheServerRefused() throws {
        let unknown = Names.reference()
        let reference = Names.reference()
        try Shared.api.addAccount(reference)
        try Shared.api.lock(reference)
        let desk = try Shared.api.issueToken(role: "call_centre", name: "cli-\(reference)").token
        let refused: [([String], String?, String)] = [
            (["account", "show", unknown], nil, "account_not_found"), (["account", "add", reference, "--owner", "N"], nil, "account_exists"),
            (["account", "add", unknown, "--owner", "N", "--number", "071000000"], nil, "invalid_number"),
            (["account", "add", unknown, "--owner", "N", "--channel", "KazTimpa"], nil, "KazTimpaPro"),
            (["lock", unknown, "--reason", "r"], nil, "account_not_found"),
            (["unlock", unknown, "--note", "n"], nil, "account_not_found"), (["unlock", reference, "--note", "n"], desk, "role_may_not"),
            (["channels", unknown], nil, "account_not_found"), (["channels", reference, "KazNothing"], nil, "unknown_channel"),
            (["device", "show", Names.imei()], nil, "device_not_found"),
            (["device", "code", Names.imei()], nil, "device_not_found"),
            (["device", "register", Names.imei(), "--account", unknown], nil, "account_not_found"),
            (["token", "issue", "--role", "admin", "--name", "x"], desk, "role_may_not"),
            (["account", "show", reference], "vl_wrong", "unauthorized"),
        ]
        for (words, token, part) in refused {
            let result = try run(words, token: token)
            expectOneLine(result, 1)
            #expect(result.errors.contains(part), "\(result.errors)")
        }
        #expect(try Shared.api.get("/v1/accounts/\(reference)").json["locked"].bool == true)
    }

    @Test func saysWhenThereIsNoServerOrNoToken() throws {
        let directory = try TemporaryDirectory()
        let gone = try ServerProcess()
        try gone.stop()
        let closed = try run(["account", "show", "ACC-1"], url: gone.api.url)
        expectOneLine(closed, 1)
        #expect(closed.errors.contains("\(gone.port)") && closed.errors.contains("--url"))
        let missing = try Programs.run(Programs.server, ["account", "show", "ACC-1", "--token-file", directory.file("none")])
        expectOneLine(missing, 1)
        #expect(missing.errors.contains("--token-file"))
        let plain = try run(["account", "show", "ACC-1", "--url", "http://192.0.2.1:8480"])
        #expect(plain.status != 0 && plain.errors.contains("http"), "a token is not sent in the clear beyond this machine")
    }

    @Test func findsTheTokenInTheDataDirectory() throws {
        let server = try ServerProcess()
        try server.api.addAccount("ACC-DATA")
        let result = try Programs.run(
            Programs.server, ["account", "show", "ACC-DATA"], environment: ["VENDLOCK_URL": server.api.url, "VENDLOCK_DATA": server.data])
        #expect(result.status == 0, "\(result.errors)")
    }

    /// GNU programs take their options before the operands as well as after.
    @Test func takesOptionsAnywhere() throws {
        let api = try Shared.api
        let reference = Names.reference()
        let token = try Shared.tokenFile
        try api.addAccount(reference)
        for words in [
            ["--url", api.url, "account", "show", reference, "--token-file", token],
            ["account", "--url=\(api.url)", "show", "--token-file=\(token)", reference, "--json"],
            ["--json", "account", "show", reference, "--url", api.url, "--token-file", token],
            ["account", "show", "--url", api.url, "--token-file", token, "--", reference],
        ] {
            let result = try Programs.run(Programs.server, words)
            #expect(result.status == 0, "\(words): \(result.errors)")
            #expect(result.output.contains(reference))
        }
    }

    // MARK: Help

    @Test(arguments: [
        ["--help"], ["--version"], ["serve", "--help"], ["account", "add", "--help"], ["account", "show", "--help"], ["account", "import", "--help"],
        ["device", "register", "--help"],
        ["device", "code", "--help"], ["device", "show", "--help"], ["lock", "--help"], ["unlock", "--help"], ["channels", "--help"],
        ["token", "issue", "--help"], ["backup", "--help"],
        ["restore", "--help"], ["account", "--help"], ["device", "--help"], ["token", "--help"],
    ])
    func helpsOnStandardOutput(_ words: [String]) throws {
        let result = try Programs.run(Programs.server, words)
        #expect(result.status == 0, "\(words): \(result.errors)")
        #expect(result.errors.isEmpty && !result.output.isEmpty)
    }

    @Test func namesEveryCommandInItsHelp() throws {
        let help = try Programs.run(Programs.server, ["--help"]).output
        for word in [
            "serve", "account add", "account show", "account import", "device register", "device code", "device offline-code", "device show",
            "device sign-out",
            "device reset", "device decommission", "lock", "unlock", "channels",
            "token issue", "token list", "token revoke", "user add", "user list", "user disable", "user reset", "backup", "restore",
        ] {
            #expect(help.contains(word))
        }
    }

    // MARK: Configuration

    private static let badConfigurations: [(String, String)] = [
        (#"{"listn":"127.0.0.1:0"}"#, "listn"), (#"{"lease":{"ttl":5}}"#, "ttl"), (#"{"whatsapp":{"app_secrt":"x"}}"#, "app_secrt"),
        (#"{"tls":{"cert":"a","key":"b"}}"#, "cert"),
        (#"{"webhooks":[{"url":"https://example.test","secret":"s","event":[]}]}"#, "event"),
        (#"{"webhooks":[{"url":"https://example.test","secret":"s","events":["account.lockd"]}]}"#, "account.enforced"),
        (#"{"webhooks":[{"url":"http://example.test","secret":"s"}]}"#, "webhooks[0].url"),
        (#"{"webhooks":[{"url":"https://example.test","secret":"s"},{"url":"https://example.test","secret":"t"}]}"#, "webhooks[1].url"),
        (#"{"webhooks":[{"url":"https://example.test","secret":"whsec_*"}]}"#, "webhooks[0].secret"),
        (#"{"webhooks":[{"url":"https://example.test","secret":{"file":"/nowhere/secret"}}]}"#, "/nowhere/secret"),
        (#"{"webhooks":[{"url":"https://example.test"}]}"#, "secret"),
        ("{\"webhooks\":[" + (0...20).map { #"{"url":"https://example.test/\#($0)","secret":"s"}"# }.joined(separator: ",") + "]}", "at most 20"),
        (#"{"lease":{"ttl_s":"long"}}"#, "ttl_s"),
        (
            #"{"whatsapp":{"app_secret":"x","phone_number_id":"+27110000000"}}"#,
            "whatsapp.phone_number_id is '+27110000000': give the phone number ID"
        ),
        (#"{"whatsapp":{"app_secret":"x","phone_number_id":""}}"#, "whatsapp.phone_number_id"),
        (#"{"whatsapp":{"app_secret":"x","phone_number_id":"2000 0000"}}"#, "digits only"),
        (#"{"whatsapp":{"app_secret":"x","phone_number_id":"\u0661\u0662"}}"#, "digits only"),
        (#"{"whatsapp":{"app_secret":"x","graph_version":"25.0"}}"#, "whatsapp.graph_version is '25.0'"),
        (#"{"whatsapp":{"app_secret":"x","graph_version":"v25"}}"#, "v25.0"),
        (#"{"whatsapp":{"app_secret":"x","graph_version":"v25.0/x"}}"#, "v25.0"),
        (#"{"whatsapp":{"app_secret":"x","graph_version":"v25."}}"#, "v25.0"),
        (
            #"{"freshchat":{"url":"https://acme.example.test"}}"#,
            "freshchat.url is 'https://acme.example.test': give the host of your account and /v2"
        ),
        (#"{"freshchat":{"url":"https://acme.example.test/v2/conversations"}}"#, "https://ACCOUNT.freshchat.com/v2"),
        (#"{"freshchat":{"url":"https://acme.example.test/crm/v2"}}"#, "freshchat.url"),
        (#"{"freshchat":{"url":"https://acme.example.test/v2?x=1"}}"#, "freshchat.url"),
        (#"{"freshchat":{"url":"http://acme.example.test/v2"}}"#, "freshchat.url: plain http is for this machine only"),
        (#"{"freshchat":{"url":"acme.example.test/v2"}}"#, "freshchat.url"),
        (
            #"{"twilio":{"account_sid":"AC1","auth_token":"t","public_url":"http://lock.example.test"}}"#,
            "twilio.public_url is 'http://lock.example.test'"
        ),
        (#"{"twilio":{"account_sid":"AC1","auth_token":"t","public_url":"lock.example.test"}}"#, "twilio.public_url"),
        (#"{"twilio":{"account_sid":"AC1","auth_token":"t","public_url":"ftp://lock.example.test/hooks/sms/twilio"}}"#, "https://HOST"),
        (#"{"default_region":"ZZ"}"#, "default_region"), (#"{"default_region":"South Africa"}"#, "default_region"),
        (#"{"default_region":""}"#, "default_region"),
        (#"{"lease":{"ttl_s":1}}"#, "ttl_s"),
        (#"{"lease":{"ttl_s":100,"wait_s":100}}"#, "wait_s"), (#"{"lease":{"wait_s":0}}"#, "wait_s"), (#"{"lease":{"cap_cents":0}}"#, "cap_cents"),
        ("[]", "object"), ("{", "JSON"), ("", "JSON"),
        (#"{"tls":{"certificate":"/nowhere/cert.pem","key":"/nowhere/key.pem"}}"#, "/nowhere/cert.pem"), (#"{"listen":"nowhere"}"#, "HOST:PORT"),
    ]

    @Test(arguments: badConfigurations) func explainsABadConfiguration(_ text: String, _ part: String) throws {
        let directory = try TemporaryDirectory()
        let result = try Programs.run(
            Programs.server, ["serve", "--config", try directory.write(text, to: "server.json"), "--data", directory.file("data")])
        #expect(result.status == 1 || result.status == 2)
        expectOneLine(result, result.status)
        #expect(result.errors.contains(part), "\(result.errors)")
    }

    @Test func takesEveryKeyOfTheContract() throws {
        let directory = try TemporaryDirectory()
        let secret = try directory.write("s3cret\n", to: "secret")
        let server = try ServerProcess(
            configuration: """
                {
                  // Comments, as the contract allows.
                  "data": "\(directory.file("other"))", "listen": "127.0.0.1:1", /* flags win */
                  "default_region": "ZA", "lease": {"ttl_s": 60, "wait_s": 20, "cap_cents": 50000},
                  "whatsapp": {"app_secret": {"file": "\(secret)"}, "verify_token": "v", "access_token": {"file": "\(secret)"}, "phone_number_id": "1", "graph_url": "http://127.0.0.1:1", "graph_version": "v23.0"},
                  "freshchat": {"url": "http://127.0.0.1:1/v2/", "token": "t", "public_key": "k", "group": "g", "whatsapp_channels": ["c"]},
                  "twilio": {"url": "http://127.0.0.1:1", "account_sid": "a", "auth_token": "t", "public_url": "http://127.0.0.1:1", "from": "+27710000000"},
                  "africastalking": {"url": "http://127.0.0.1:1", "username": "sandbox", "api_key": "k", "secret": "s", "from": "1"},
                  "clickatell": {"url": "http://127.0.0.1:1", "api_key": "k", "secret": {"file": "\(secret)"}},
                  "alerts": {"webhook_url": "http://127.0.0.1:1"}, "webhooks": [{"url": "http://127.0.0.1:1", "secret": "s", "events": ["account.locked"]}],
                }
                """)
        try server.api.addAccount("ACC-CONF")
        let lease = try TestTerminal.enrolled(server.api, account: "ACC-CONF").connectedLease()
        #expect(lease["ttl"].integer == 60 && lease["wait"].integer == 20)
    }

    // MARK: TLS

    @Test func speaksTLSFromCertificateFiles() throws {
        let directory = try TemporaryDirectory()
        let certificate = directory.file("cert.pem")
        let key = directory.file("key.pem")
        let made = try Programs.run(
            "openssl",
            [
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=localhost",
                "-addext", "subjectAltName=IP:127.0.0.1",
            ])
        #expect(made.status == 0, "\(made.errors)")
        let server = try ServerProcess(configuration: #"{"tls":{"certificate":"\#(certificate)","key":"\#(key)"}}"#)
        let url = "https://127.0.0.1:\(server.port)"
        let common = ["--url", "https://127.0.0.1:\(server.port)", "--token-file", server.tokenFile]
        let added = try Programs.run(Programs.server, ["account", "add", "ACC-TLS", "--owner", "Test", "--ca-file", certificate] + common)
        #expect(added.status == 0, "\(added.errors)")
        let untrusted = try Programs.run(Programs.server, ["account", "show", "ACC-TLS"] + common)
        expectOneLine(untrusted, 1)
        #expect(untrusted.errors.contains(url))
        // Plain HTTP to the TLS port gets no answer, and the server goes on.
        #expect(throws: (any Error).self) { try API(port: server.port, token: nil).get("/healthz") }
        #expect(try Programs.run(Programs.server, ["account", "show", "ACC-TLS", "--ca-file", certificate] + common).status == 0)
        #expect(try server.stop() == .exit(0))
    }
}

extension TestTerminal {
    /// Connects and shows the lease's claims.
    fileprivate func connectedLease() throws -> JSONValue {
        let lease = try connect()
        return .object(["ttl": .integer(Int64(lease.ttl)), "wait": .integer(Int64(lease.wait))])
    }
}
