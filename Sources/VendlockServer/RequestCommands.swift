import BackOffice
import Platform
import Store
import Wire

/// `request …`: opening, sorting and reading requests; their steps are in `RequestStepCommands`.
enum RequestCommands {
    static let all = [open, list, board, show, kinds, sort]

    // MARK: Opening

    /// What a request is about, for those that are opened and those that are sorted.
    private static let aboutOptions: [Arguments.Option] = [
        .value("account"), .value("imei"), .value("channel"), .value("email"), .value("new-address"), .value("transaction"), .value("amount"),
        .value("amount-cents"),
    ]

    private static let open = Command(
        words: ["request", "open"],
        usage: "request open KIND --account REF | --imei IMEI --source SOURCE [--channel CODE] [--email ADDRESS] [--new-address TEXT] [--text TEXT] "
            + "[--transaction TEXT] [--amount 12.50] [--help-desk-ticket TEXT]",
        about: "open a request of a vendor's (kinds: \(RequestWords.list(RequestKind.self)); sources: \(RequestWords.list(RequestSource.self)))",
        options: APIClient.options + aboutOptions + [.value("source"), .value("text"), .value("help-desk-ticket")]
    ) { context in
        let kind = try kind(context.operand(0, "KIND"))
        try context.noMore(after: 1)
        guard kind != .linkedNumberChange else {
            throw CommandLineError("a change of number takes its evidence: \(numberChange)")
        }
        let options = context.arguments
        let about = try about(context, kind)
        let body = NewRequestBody(
            kind: kind, account: about.account, imei: about.imei,
            source: try RequestWords.read(context.required("source"), what: "way for a request to come", of: RequestSource.self),
            text: options.value("text"), channel: about.channel, new_address: about.new_address, email: about.email, transaction: about.transaction,
            amount_cents: about.amount_cents, help_desk_ticket: options.value("help-desk-ticket"))
        try send(context, "/v1/requests", body, about: nil)
    }

    private static let sort = Command(
        words: ["request", "sort"],
        usage: "request sort TICKET KIND [--account REF] [--imei IMEI] [--channel CODE] [--email ADDRESS] [--new-address TEXT] [--transaction TEXT] "
            + "[--amount 12.50] [--text TEXT]",
        about: "say what an enquiry is; it goes on as that", options: APIClient.options + aboutOptions + [.value("text")]
    ) { context in
        let ticket = try RequestWords.ticket(context.operand(0, "TICKET"))
        let kind = try kind(context.operand(1, "KIND"))
        try context.noMore(after: 2)
        guard kind != .linkedNumberChange else {
            throw CommandLineError(
                "a change of number takes its evidence: \(numberChange); then vendlock-server request withdraw \(ticket) --note TEXT")
        }
        try send(context, "/v1/requests/\(ticket)/sorting", about(context, kind), about: ticket)
    }

    private static let numberChange =
        "vendlock-server number change REF --to MSISDN --reason TEXT --notice FILE --conversation TEXT --transaction TEXT"

    private static func kind(_ text: String) throws -> RequestKind { try RequestWords.read(text, what: "kind of request", of: RequestKind.self) }

    private static func about(_ context: Command.Context, _ kind: RequestKind) throws -> SortingBody {
        let options = context.arguments
        var body = SortingBody(kind: kind)
        body.account = try options.value("account").map(context.reference)
        body.imei = try options.value("imei").map(context.imei)
        body.channel = try options.value("channel").map(context.channel)
        body.email = options.value("email")
        body.new_address = options.value("new-address")
        body.transaction = options.value("transaction")
        body.amount_cents = try amount(context)
        body.text = options.value("text")
        return body
    }

    /// `--amount` as people write it, or `--amount-cents`.
    static func amount(_ context: Command.Context) throws -> Int64? {
        guard let cents = context.arguments.value("amount-cents") else { return try context.arguments.value("amount").map(RequestWords.cents) }
        guard !context.arguments.has("amount") else { throw CommandLineError("--amount and --amount-cents: give one of them") }
        guard let value = Int64(cents) else { throw CommandLineError("--amount-cents '\(cents)' is no whole number: write 1250 for 12.50") }
        return value
    }

    // MARK: Sending

    /// Sends one step, and says what happened and whose turn it is.
    static func send(_ context: Command.Context, _ path: String, _ body: some Encodable, about ticket: TicketNumber?) throws {
        let answer = try inOptions(about: ticket) { try context.client().send("POST", path, body) }
        try context.show(answer, RequestLines.after(JSON.decode(RequestBody.self, from: answer)))
    }

    static func inOptions<Value>(about ticket: TicketNumber?, _ work: () throws -> Value) throws -> Value {
        do { return try work() } catch let failure as Failure { throw RequestWords.inOptions(failure, about: ticket) }
    }

    // MARK: Reading

    private static let list = Command(
        words: ["request", "list"],
        usage: "request list [--kind KIND] [--step STEP] [--account REF] [--imei IMEI] [--overdue] [--news] [--state open|closed|all]",
        about: "the requests that are open, newest first; with the options only some",
        options: APIClient.options + [
            .value("kind"), .value("step"), .value("account"), .value("imei"), .flag("overdue"), .flag("news"), .value("state"),
        ]
    ) { context in
        try context.noMore(after: 0)
        let options = context.arguments
        var query = ["limit=200"]
        if let kind = try options.value("kind").map(kind) { query.append("kind=\(kind.rawValue)") }
        if let step = options.value("step") {
            query.append("step=\(try RequestWords.read(step, what: "step", of: RequestStep.self).rawValue)")
        }
        if let account = try options.value("account").map(context.reference) { query.append("account=\(account)") }
        if let imei = try options.value("imei").map(context.imei) { query.append("imei=\(imei)") }
        if options.has("overdue") { query.append("overdue=true") }
        if options.has("news") { query.append("news=true") }
        if let state = options.value("state") {
            query.append("state=\(try RequestWords.read(state, what: "state", of: State.self).rawValue)")
        }
        let answer = try context.client().call("GET", "/v1/requests?" + query.joined(separator: "&"))
        try context.show(answer, RequestLines.list(JSON.decode(RequestListBody.self, from: answer)))
    }

    private enum State: String, CaseIterable { case open, closed, all }

    private static let board = Command(
        words: ["request", "board"], usage: "request board [KIND]", about: "the open requests by the step at which they stand",
        options: APIClient.options
    ) { context in
        try context.noMore(after: 1)
        let kind = try context.operands.first.map(kind)
        let answer = try context.client().call("GET", "/v1/requests/board?limit=20" + (kind.map { "&kind=\($0.rawValue)" } ?? ""))
        try context.show(answer, RequestBoardLines.lines(JSON.decode(RequestBoardBody.self, from: answer)))
    }

    private static let show = Command(
        words: ["request", "show"], usage: "request show TICKET",
        about: "one request: whose turn it is, what was done, and the commands that go on with it",
        options: APIClient.options
    ) { context in
        let ticket = try RequestWords.ticket(context.operand(0, "TICKET"))
        try context.noMore(after: 1)
        let answer = try inOptions(about: ticket) { try context.client().call("GET", "/v1/requests/\(ticket)") }
        try context.show(answer, RequestLines.show(JSON.decode(RequestBody.self, from: answer)))
    }

    private static let kinds = Command(
        words: ["request", "kinds"], usage: "request kinds", about: "the kinds of requests: their steps, who does them, and how long each may take",
        options: APIClient.options
    ) { context in
        try context.noMore(after: 0)
        let answer = try context.client().call("GET", "/v1/request-kinds")
        try context.show(answer, RequestLines.kinds(JSON.decode(RequestKindListBody.self, from: answer)))
    }
}
