import BackOffice
import Platform
import Store
import Wire

/// `request answer`, `request approve` …: one command for each step.
enum RequestStepCommands {
    static let all = [
        answer, noted("approve", "approval", "level 2: approve; never by who opened or checked it"),
        noted("refuse", "refusal", "level 2: refuse; nothing is changed"),
        noted("cancel", "cancellation", "undo an approved change of number within its 24 hours"),
        noted("withdraw", "withdrawal", "end a request that the vendor wants no more"), comment, email, visit, terminals, letter, code, attempt,
        noted("give-up", "giving-up", "locked device: close the case unopened"), propose,
    ]

    private static func ticket(_ context: Command.Context) throws -> TicketNumber { try RequestWords.ticket(context.operand(0, "TICKET")) }

    private static func send(_ context: Command.Context, _ ticket: TicketNumber, _ step: String, _ body: some Encodable) throws {
        try RequestCommands.send(context, "/v1/requests/\(ticket)/\(step)", body, about: ticket)
    }

    /// A step that wants a reason and nothing else.
    private static func noted(_ word: String, _ step: String, _ about: String) -> Command {
        Command(
            words: ["request", word], usage: "request \(word) TICKET --note TEXT", about: about, options: APIClient.options + [.value("note")]
        ) { context in
            let ticket = try ticket(context)
            try context.noMore(after: 1)
            try send(context, ticket, step, ReleaseBody(note: context.required("note")))
        }
    }

    // MARK: Level 1

    private static let answer = Command(
        words: ["request", "answer"],
        usage: "request answer TICKET [--name TEXT] [--surname TEXT] [--address TEXT] [--id-number TEXT] [--imei TEXT] [--owner yes|no] "
            + "[--confirmed-by TEXT] [--new-address TEXT]",
        about: "level 1: what the vendor answered; in a terminal, what is not given is asked for. One wrong answer ends the request",
        options: APIClient.options
            + ["name", "surname", "address", "id-number", "imei", "owner", "confirmed-by", "new-address"].map { .value($0) }
    ) { context in
        let ticket = try ticket(context)
        try context.noMore(after: 1)
        let options = context.arguments
        var given = AnswersBody()
        for field in AnswersBody.fields { given[field] = options.value(String(RequestQuestions.option(field).dropFirst(2))) }
        given.owner_confirmation = options.value("confirmed-by")
        given.new_address = options.value("new-address")
        given.is_owner = try options.value("owner").map { try RequestWords.read($0, what: "answer to --owner", of: YesOrNo.self) == .yes }
        let request = try RequestCommands.inOptions(about: ticket) { try context.client().get(RequestBody.self, "/v1/requests/\(ticket)") }
        try send(context, ticket, "answers", RequestQuestions(request: request, ticket: ticket).completed(given))
    }

    private enum YesOrNo: String, CaseIterable { case yes, no }

    // MARK: At any step

    private static let comment = Command(
        words: ["request", "comment"], usage: "request comment TICKET TEXT", about: "write something down; nothing moves", options: APIClient.options
    ) { context in
        let ticket = try ticket(context)
        _ = try context.operand(1, "TEXT")
        try send(context, ticket, "comments", CommentBody(text: context.operands.dropFirst().joined(separator: " ")))
    }

    private static let email = Command(
        words: ["request", "email"], usage: "request email TICKET --from ADDRESS [--text TEXT]",
        about: "note an e-mail of the vendor's; a request that waits for it goes on", options: APIClient.options + [.value("from"), .value("text")]
    ) { context in
        let ticket = try ticket(context)
        try context.noMore(after: 1)
        try send(context, ticket, "emails", EmailNoteBody(from: context.required("from"), text: context.arguments.value("text")))
    }

    // MARK: Field agents

    private static let visit = Command(
        words: ["request", "visit"], usage: "request visit TICKET --lat DEGREES --lon DEGREES --accuracy METRES [--imei IMEI] [--note TEXT]",
        about: "a field agent at the shop: where their telephone is. The terminal is asked for its own position",
        options: APIClient.options + ["lat", "lon", "accuracy", "imei", "note"].map { .value($0) }
    ) { context in
        let ticket = try ticket(context)
        try context.noMore(after: 1)
        let metres = try context.required("accuracy")
        guard let accuracy = Double(metres), accuracy >= 0, accuracy.isFinite else {
            throw CommandLineError("--accuracy '\(metres)' is not a number of metres: write it as 12")
        }
        let phone = Position(
            lat: try RequestWords.degrees(context.required("lat"), "lat", within: 90),
            lon: try RequestWords.degrees(context.required("lon"), "lon", within: 180), accuracy_m: accuracy)
        let body = VisitStartBody(imei: try context.arguments.value("imei").map(context.imei), phone: phone, note: context.arguments.value("note"))
        try send(context, ticket, "visits", body)
    }

    // MARK: After a theft

    private static let terminals = Command(
        words: ["request", "terminals"], usage: "request terminals TICKET IMEI=recovered|written-off|kept ... [--note TEXT]",
        about: "unlock after theft: what became of each registered terminal", options: APIClient.options + [.value("note")]
    ) { context in
        let ticket = try ticket(context)
        _ = try context.operand(1, "IMEI=recovered|written-off|kept")
        let terminals = try context.operands.dropFirst().map { word in
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2 else {
                throw CommandLineError("'\(word)': say what became of it, \(word)=recovered, \(word)=written-off or \(word)=kept")
            }
            return TerminalsBody.Terminal(
                imei: try context.imei(parts[0]), fate: try RequestWords.read(parts[1], what: "end of a terminal's theft", of: TerminalFate.self))
        }
        try send(context, ticket, "terminals", TerminalsBody(terminals: terminals, note: context.arguments.value("note")))
    }

    // MARK: Locked devices

    private static let letter = Command(
        words: ["request", "letter"], usage: "request letter TICKET [--note TEXT]", about: "locked device: ask the owner for the access code",
        options: APIClient.options + [.value("note")]
    ) { context in
        let ticket = try ticket(context)
        try context.noMore(after: 1)
        try send(context, ticket, "letters", LetterBody(note: context.arguments.value("note")))
    }

    private static let code = Command(
        words: ["request", "code"], usage: "request code TICKET CODE|-",
        about: "locked device: the owner's access code; with - it is read from the input",
        options: APIClient.options
    ) { context in
        let ticket = try ticket(context)
        let word = try context.operand(1, "CODE")
        try context.noMore(after: 2)
        let code = word == "-" ? try RequestQuestions.secret("access code") : word
        try send(context, ticket, "codes", AccessCodeBody(code: code))
    }

    private static let attempt = Command(
        words: ["request", "attempt"], usage: "request attempt TICKET opened|wrong [--note TEXT]",
        about: "locked device: whether the code opened it; if not, the owner is asked again", options: APIClient.options + [.value("note")]
    ) { context in
        let ticket = try ticket(context)
        let result = try RequestWords.read(context.operand(1, "opened or wrong"), what: "result of an attempt", of: Attempt.self)
        try context.noMore(after: 2)
        try send(context, ticket, "attempts", AttemptBody(opened: result == .opened, note: context.arguments.value("note")))
    }

    private enum Attempt: String, CaseIterable { case opened, wrong }

    // MARK: Complaints

    private static let outcomes: [RequestOutcome] = [.settled, .refunded, .rejected]

    private static let propose = Command(
        words: ["request", "propose"], usage: "request propose TICKET settled|refunded|rejected --text TEXT [--amount 12.50]",
        about: "complaint: how it is to be answered; money back goes to level 2",
        options: APIClient.options + [.value("text"), .value("amount"), .value("amount-cents")]
    ) { context in
        let ticket = try ticket(context)
        let outcome = try RequestWords.read(context.operand(1, "settled, refunded or rejected"), what: "end of a complaint", of: outcomes)
        try context.noMore(after: 2)
        try send(
            context, ticket, "proposal",
            ProposalBody(outcome: outcome, text: context.required("text"), amount_cents: RequestCommands.amount(context)))
    }
}
