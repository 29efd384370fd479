import Platform
import Testing

@Suite struct ConfigFileTests {
    private struct Example: ConfigDecodable, Equatable {
        struct Lease: Decodable, Equatable { var wait_s: Int }
        struct Hook: Decodable, Equatable { var url: String }
        var server: String
        var max: Int?
        var names: [String]?
        var lease: Lease?
        var hooks: [Hook]?
        var strict: Bool?

        static var shape: ConfigShape {
            .object([
                "server": .value, "max": .value, "names": .list(.value), "strict": .value,
                "lease": .keys("wait_s"), "hooks": .list(.keys("url")), "secret": .keys("file"),
            ])
        }
    }

    private func parse(_ text: String) throws -> Example {
        try ConfigFile.parse(Example.self, from: Array(text.utf8), path: "/etc/x.json")
    }

    @Test func readsJSONWithCommentsAndTrailingCommas() throws {
        let example = try parse(
            """
            // For the shop at the corner.
            {
              "server": "https://a.example/", /* here: */ max: 5,
              "lease": {"wait_s": 110},
              "hooks": [{"url": "u"}],
              "secret": "plain",
            }
            """)
        #expect(example == Example(server: "https://a.example/", max: 5, lease: .init(wait_s: 110), hooks: [.init(url: "u")]))
    }

    @Test(arguments: [
        (#"{"server":"x","sever":1}"#, #"/etc/x.json: unknown key "sever"; did you mean "server"?"#),
        (#"{"server":"x","lease":{"wait":1}}"#, #"/etc/x.json: unknown key "lease.wait"; did you mean "wait_s"?"#),
        (#"{"server":"x","hooks":[{"url":"u"},{"uri":"u"}]}"#, #"/etc/x.json: unknown key "hooks[1].uri"; did you mean "url"?"#),
        (#"{"server":"x","secret":{"path":"u"}}"#, #"/etc/x.json: unknown key "secret.path""#),
        (#"{"server":"x","other":null}"#, #"/etc/x.json: unknown key "other""#),
        (#"{"server":5}"#, #"/etc/x.json: key "server" must be a string"#),
        (#"{"server":"x","max":"5"}"#, #"/etc/x.json: key "max" must be a whole number"#),
        (#"{"server":"x","strict":1}"#, #"/etc/x.json: key "strict" must be true or false"#),
        (#"{"server":"x","names":"n"}"#, #"/etc/x.json: key "names" must be a list"#),
        (#"{"server":"x","names":["n", 1]}"#, #"/etc/x.json: key "names[1]" must be a string"#),
        (#"{"server":"x","lease":7}"#, #"/etc/x.json: key "lease" must be an object"#),
        (#"{"max":5}"#, #"/etc/x.json: key "server" is missing"#),
        (#"{"server":null}"#, #"/etc/x.json: key "server" is null and must be a string"#),
        ("[]", "/etc/x.json: the file must hold one JSON object: { … }"),
        ("null", "/etc/x.json: the file must hold one JSON object: { … }"),
    ])
    func refusesWithTheFileAndTheKey(_ text: String, _ sentence: String) {
        let error = #expect(throws: ConfigError.self) { try parse(text) }
        #expect(error?.description == sentence)
    }

    @Test(arguments: ["", "{", "{\"server\": \"x\" \"max\": 1}", "\u{0}", String(repeating: "[", count: 100_000)])
    func refusesWhatIsNotJSON(_ text: String) {
        let error = #expect(throws: ConfigError.self) { try parse(text) }
        #expect(error?.description.hasPrefix("/etc/x.json: not valid JSON: ") == true)
        #expect(error?.description.contains("\n") == false)
    }

    /// Outside a text, where the reader of JSON5 would trap.
    @Test(arguments: ["{\u{7}", "// \u{7}\n{}", "{ser\u{7}: 1}", "{'\u{7}': 1}"])
    func refusesBytesThatAreNoUTF8(_ text: String) {
        let bytes = text.utf8.map { $0 == 7 ? 0xFF : $0 }
        let error = #expect(throws: ConfigError.self) { try ConfigFile.parse(Example.self, from: bytes, path: "/etc/x.json") }
        #expect(error?.description == "/etc/x.json: the file must be written in UTF-8")
    }

    @Test func namesTheFileThatIsMissing() {
        let error = #expect(throws: ConfigError.self) { try ConfigFile.load(Example.self, from: "/nonexistent/x.json") }
        #expect(error?.description.contains("No such file") == true)
    }
}
