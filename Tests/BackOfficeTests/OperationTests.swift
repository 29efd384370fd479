import Foundation
import TestSupport
import Testing
import Wire

/// `/healthz`, `/metrics`, `/openapi.json`.
@Suite struct OperationTests {
    @Test func answersWithoutATokenAndWithAWrongOne() throws {
        for token in [nil, "wrong"] {
            for path in ["/healthz", "/metrics", "/openapi.json"] { #expect(try Shared.api.with(token: token).get(path).status == 200) }
        }
    }

    // MARK: Metrics

    private static let names = [
        "vendlock_parked_polls", "vendlock_polls_total", "vendlock_leases_signed_total", "vendlock_locks_total", "vendlock_time_to_lock_seconds",
        "vendlock_gate_refusals_total", "vendlock_devices", "vendlock_store_commit_seconds",
    ]

    @Test func keepsToTheTextFormatOfPrometheus() throws {
        let server = try ServerProcess()
        try server.api.addAccount("ACC-METRICS")
        let terminal = try TestTerminal.connected(server.api, account: "ACC-METRICS")
        try server.api.lock("ACC-METRICS")
        let locked = try terminal.poll(after: 0)
        _ = try terminal.poll(after: locked.rev)
        _ = try terminal.eventsReply([terminal.event("gate_refused", #""reason":"account_locked","operation":"airtime_vend""#)])
        _ = try server.api.get("/v1/accounts/NONE")
        try eventually("the confirmation") { try server.api.metric("vendlock_time_to_lock_seconds_count") == 1 }
        let reply = try server.api.get("/metrics")
        #expect(reply.header("Content-Type")?.hasPrefix("text/plain; version=0.0.4") == true)
        #expect(reply.text.hasSuffix("\n"))
        let sample = /([a-zA-Z_:][a-zA-Z0-9_:]*)(\{([a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\.)*",?)*\})? ([0-9.eE+-]+|NaN|\+Inf)/
        var types: [String: String] = [:]
        var seen: Set<String> = []
        var series: [String] = []
        for line in reply.text.split(separator: "\n") {
            if line.hasPrefix("# TYPE ") {
                let words = line.split(separator: " ")
                #expect(types.updateValue(String(words[3]), forKey: String(words[2])) == nil, "each metric has one block")
            } else if line.hasPrefix("#") {
                #expect(line.hasPrefix("# HELP "))
            } else {
                let match = try #require(try sample.wholeMatch(in: line), "\(line)")
                let name = String(match.1)
                let family = ["_bucket", "_sum", "_count"].reduce(name) { name, suffix in
                    types[name] == nil && name.hasSuffix(suffix) ? String(name.dropLast(suffix.count)) : name
                }
                #expect(types[family] != nil, "\(name) comes after its TYPE")
                seen.insert(family)
                series.append(String(line.split(separator: " ")[0]))
            }
        }
        #expect(Set(series).count == series.count, "each series once")
        for name in Self.names where !seen.contains(name) { Issue.record("\(name) is missing") }
        for name in ["vendlock_time_to_lock_seconds", "vendlock_store_commit_seconds"] {
            #expect(types[name] == "histogram")
            let buckets = reply.text.split(separator: "\n").filter { $0.hasPrefix(name + "_bucket") }.compactMap {
                Double($0.split(separator: " ")[1])
            }
            #expect(buckets == buckets.sorted() && buckets.count > 1)
            #expect(try server.api.metric(name + "_count") == buckets.last || name == "vendlock_store_commit_seconds")
        }
        #expect(try server.api.metric(#"vendlock_locks_total{source="api"}"#) == 1)
        #expect(try server.api.metric(#"vendlock_gate_refusals_total{reason="account_locked"}"#) == 1)
        #expect(try server.api.metric(#"vendlock_devices{state="heard"}"#) == 1)
        #expect(try server.api.metric("vendlock_polls_total") == 2)
        #expect(try server.api.metric("vendlock_leases_signed_total") == 3)
        #expect(!reply.text.contains("ACC-METRICS") && !reply.text.contains(terminal.imei), "no account data in it")
    }

    // MARK: OpenAPI

    @Test func describesEveryCallOfTheContract() throws {
        let paths = try Shared.api.get("/openapi.json").json["paths"]
        let calls: [(String, String)] = [
            ("post", "/v1/enrolments"), ("post", "/v1/devices/{imei}/channels/{channel}/connections"),
            ("get", "/v1/devices/{imei}/channels/{channel}/lock-state"),
            ("post", "/v1/devices/{imei}/events"), ("post", "/v1/accounts"), ("get", "/v1/accounts"), ("get", "/v1/accounts/{ref}"),
            ("patch", "/v1/accounts/{ref}"),
            ("post", "/v1/accounts/{ref}/holds"), ("delete", "/v1/accounts/{ref}/holds/{id}"), ("put", "/v1/accounts/{ref}/locked-channels"),
            ("get", "/v1/accounts/{ref}/notes"), ("post", "/v1/accounts/{ref}/notes"), ("get", "/v1/accounts/{ref}/locks"), ("post", "/v1/devices"),
            ("get", "/v1/notes"), ("get", "/v1/accounts/{ref}/number-changes"), ("post", "/v1/accounts/{ref}/number-changes"),
            ("get", "/v1/accounts/{ref}/number-changes/{id}"), ("get", "/v1/accounts/{ref}/number-changes/{id}/evidence/{kind}"),
            ("post", "/v1/accounts/{ref}/number-changes/{id}/approval"), ("post", "/v1/accounts/{ref}/number-changes/{id}/refusal"),
            ("post", "/v1/accounts/{ref}/number-changes/{id}/cancellation"), ("delete", "/v1/accounts/{ref}/linked-number/suspension"),
            ("get", "/v1/devices"), ("get", "/v1/devices/{imei}/events"),
            ("get", "/v1/devices/{imei}"), ("post", "/v1/devices/{imei}/enrolment-codes"), ("post", "/v1/devices/{imei}/holds"),
            ("delete", "/v1/devices/{imei}/holds/{id}"), ("delete", "/v1/devices/{imei}/sign-in"),
            ("delete", "/v1/devices/{imei}/enrolment"), ("post", "/v1/devices/{imei}/decommission"),
            ("post", "/v1/authorizations"), ("get", "/healthz"), ("get", "/metrics"),
            ("get", "/openapi.json"), ("post", "/v1/users"), ("get", "/v1/users"), ("patch", "/v1/users/{name}"),
            ("post", "/v1/users/{name}/password-reset"), ("post", "/v1/users/{name}/totp"), ("post", "/v1/sessions"),
            ("get", "/v1/sessions/current"), ("delete", "/v1/sessions/current"), ("post", "/v1/sessions/current/password"),
            ("get", "/openapi.json"), ("post", "/v1/accounts/import"), ("get", "/v1/accounts/import"), ("get", "/v1/accounts/export"),
            ("post", "/v1/accounts/{ref}/closure"), ("delete", "/v1/accounts/{ref}/closure"), ("post", "/v1/devices/{imei}/move"),
            ("get", "/v1/audit"), ("get", "/v1/request-kinds"), ("post", "/v1/requests"), ("get", "/v1/requests"), ("get", "/v1/requests/board"),
            ("get", "/v1/requests/{ticket}"), ("post", "/v1/requests/{ticket}/answers"), ("post", "/v1/requests/{ticket}/approval"),
        ]
        for (method, path) in calls { #expect(paths[path].has(method), "\(method) \(path)") }
    }

    @Test func describesOnlyCallsThatThereAre() throws {
        let api = try Shared.api
        for (path, item) in try api.get("/openapi.json").json["paths"].members {
            let filled = path.replacing("{ref}", with: "NONE-1").replacing("{imei}", with: Names.imei()).replacing("{channel}", with: "KazTimpaPro")
                .replacing("{id}", with: "hold_none").replacing("{name}", with: "nobody").replacing("{secret}", with: "none")
                .replacing("{kind}", with: "change_notice").replacing("{ticket}", with: "VL-1")
            #expect(!filled.contains("{"))
            for method in item.keys {
                // Without a token, so that nothing is done: what is not there says so all the same.
                let reply = try api.with(token: nil).call(method.uppercased(), filled, method == "get" ? nil : "{}")
                #expect(reply.status != 404 && reply.status != 405, "\(method) \(path): \(reply.status)")
            }
            // And no other method answers there.
            for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] where !item.has(method.lowercased()) {
                #expect(try api.with(token: nil).call(method, filled, method == "GET" ? nil : "{}").status == 405, "\(method) \(path)")
            }
        }
    }

    @Test func describesEachCallWhole() throws {
        let document = try Shared.api.get("/openapi.json").json
        #expect(document["openapi"].string?.hasPrefix("3.1") == true)
        #expect(document["info"]["description"].string?.contains("431") == true, "says which errors are no problem documents")
        var identifiers: Set<String> = []
        for (path, item) in document["paths"].members {
            for (method, operation) in item.members {
                let name = "\(method) \(path)"
                #expect(operation["summary"].string?.isEmpty == false, "\(name)")
                #expect(identifiers.insert(operation["operationId"].string ?? "").inserted, "\(name)")
                let responses = operation["responses"]
                #expect(responses.keys.contains { $0.hasPrefix("2") } && responses.keys.contains { $0.hasPrefix("4") }, "\(name)")
                for (status, response) in responses.members where !status.hasPrefix("2") {
                    #expect(response["content"].has("application/problem+json"), "\(name) \(status)")
                }
                let named = path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
                let declared = operation["parameters"].array.filter { $0["in"].string == "path" }
                #expect(declared.compactMap { $0["name"].string }.sorted() == named.sorted(), "\(name)")
                #expect(declared.allSatisfy { $0["required"].bool == true }, "\(name)")
                let isBare = ["enrolment-codes", "drills", "location-requests"].contains { path.hasSuffix($0) }
                if ["post", "put", "patch"].contains(method), !isBare {
                    #expect(operation.has("requestBody"), "\(name)")
                }
            }
        }
        var references: [String] = []
        func collect(_ value: JSONValue) {
            if let reference = value["$ref"].string { references.append(reference) }
            value.array.forEach(collect)
            value.members.values.forEach(collect)
        }
        collect(document)
        for reference in Set(references) {
            let target = reference.split(separator: "/").dropFirst().reduce(document) { $0[String($1)] }
            #expect(target != .null, "\(reference)")
        }
    }

    private static let validatorIsThere = (try? Programs.run("python3", ["-c", "import openapi_spec_validator"]).status) == 0

    @Test(.enabled(if: validatorIsThere, "python3 has no openapi_spec_validator"))
    func isAValidDocument() throws {
        let directory = try TemporaryDirectory()
        let file = try directory.write(Shared.api.get("/openapi.json").text, to: "openapi.json")
        let script = "import json,sys; from openapi_spec_validator import validate; validate(json.load(open(sys.argv[1])))"
        let result = try Programs.run("python3", ["-c", script, file])
        #expect(result.status == 0, "\(result.errors.suffix(1500))")
    }

    /// What the server answers is what its document says: names of members, and all that is required.
    @Test func answersAsItIsDescribed() throws {
        let api = try Shared.api
        let reference = Names.reference()
        let schemas = try api.get("/openapi.json").json["components"]["schemas"]
        try api.addAccount(reference, channels: ["KazTimpaPro"], number: "+27710000005")
        let terminal = try TestTerminal.connected(api, account: reference)
        let hold = try api.must(201, "POST", "/v1/accounts/\(reference)/holds", #"{"kind":"staff","reason":"r"}"#)
        _ = try terminal.eventsReply([terminal.event("location", #""lat":1,"lon":2"#)])
        let body = NumberOffice.body(to: "+27710000006")
        let change = try api.must(201, "POST", "/v1/accounts/\(reference)/number-changes", body)
        let approver = try api.issueToken(role: "senior", name: "approver-\(reference)")
        let approved = try approver.must(
            200, "POST", "/v1/accounts/\(reference)/number-changes/\(change["id"].string ?? "")/approval", #"{"note":"n"}"#)
        let user = "user-\(reference.lowercased())"
        let added = try api.must(201, "POST", "/v1/users", #"{"name":"\#(user)","role":"senior"}"#)
        let session = try api.with(token: nil).must(
            201, "POST", "/v1/sessions", #"{"name":"\#(user)","password":"\#(added["setup_password"].string ?? "")"}"#)
        let asked = try api.must(202, "POST", "/v1/devices/\(terminal.imei)/location-requests")
        let answers: [(String, JSONValue)] = [
            ("LocationRequest", asked), ("LocationList", try api.get("/v1/devices/\(terminal.imei)/locations?limit=1").json),
            ("User", added), ("UserList", try api.get("/v1/users").json), ("StaffSession", session),
            ("NumberChange", change), ("NumberChange", approved),
            ("NumberChangeList", try api.get("/v1/accounts/\(reference)/number-changes").json),
            ("Account", try api.get("/v1/accounts/\(reference)").json), ("AccountList", try api.get("/v1/accounts?limit=1").json), ("Hold", hold),
            ("Device", try api.get("/v1/devices/\(terminal.imei)").json), ("LockList", try api.get("/v1/accounts/\(reference)/locks").json),
            ("NoteList", try api.get("/v1/accounts/\(reference)/notes?limit=1").json), ("TokenList", try api.get("/v1/tokens").json),
            ("Problem", try api.get("/v1/accounts/NONE").json), ("Audit", try api.get("/v1/audit").json),
            (
                "Request",
                try api.must(201, "POST", "/v1/requests", #"{"kind":"complaint","account":"\#(reference)","source":"phone","text":"t"}"#)
            ), ("RequestList", try api.get("/v1/requests?limit=3&state=all").json), ("RequestBoard", try api.get("/v1/requests/board?limit=2").json),
            ("RequestKindList", try api.get("/v1/request-kinds").json), ("VisitList", try api.get("/v1/visits?limit=3").json),
            ("LocationList", try api.get("/v1/devices/\(terminal.imei)/locations").json),
            ("ImportProgress", try api.get("/v1/accounts/import").json),
            ("ImportAnswer", try api.call("POST", "/v1/accounts/import?skip_bad=true", "reference,owner_name\nA!,N\n").json),
        ]
        func check(_ value: JSONValue, _ schema: JSONValue, _ place: String) {
            if let name = schema["$ref"].string?.split(separator: "/").last { return check(value, schemas[String(name)], place) }
            for name in schema["required"].strings where !value.has(name) { Issue.record("\(place).\(name) is missing") }
            if schema.has("properties") {
                for (name, member) in value.members {
                    if schema["properties"].has(name) {
                        check(member, schema["properties"][name], place + "." + name)
                    } else {
                        Issue.record("\(place).\(name) is not described")
                    }
                }
            }
            for item in value.array { check(item, schema["items"], place + "[]") }
        }
        for (name, value) in answers {
            #expect(schemas.has(name), "\(name)")
            check(value, schemas[name], name)
        }
    }
}
