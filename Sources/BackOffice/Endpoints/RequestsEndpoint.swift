import HTTPServer
import Store
import Wire

/// `/v1/requests`: what vendors ask for, on its way through the checks.
extension BackOffice {
    func requestsEndpoints() -> [Endpoint] {
        requestLists() + [
            step(
                "answers", "Level 1: the vendor's answers, compared with what is on record. One wrong ends the request", roles: .desk,
                body: "Answers",
                problems: [.answerRequired]
            ) { try requests.answer($0, $1.body(AnswersBody.self), by: $1.actor) },
            step(
                "approval", "Level 2: approve. Never by who opened or checked it", roles: .seniors, body: "Release",
                problems: [
                    .samePerson, .answersChanged, .lockedAgain, .noVendorHold, .deviceOfOtherAccount, .accountClosed, .registeredToAnotherAccount,
                    .samePersonLinkedNumber,
                ]
            ) {
                try requests.approve($0, note: $1.body(ReleaseBody.self).note, by: $1.actor)
            },
            step("refusal", "Level 2: refuse; nothing is changed", roles: .seniors, body: "Release") {
                try requests.refuse($0, note: $1.body(ReleaseBody.self).note, by: $1.actor)
            },
            step(
                "cancellation", "Undo an approved change of number within its 24 hours", roles: .seniors, body: "Release",
                problems: [.coolingOffOver, .numberChangedMeanwhile]
            ) { try requests.cancel($0, note: $1.body(ReleaseBody.self).note, by: $1.actor) },
            step("withdrawal", "End a request that the vendor wants no more", roles: .desk, body: "Release") {
                try requests.withdraw($0, note: $1.body(ReleaseBody.self).note, by: $1.actor)
            },
            step("comments", "Write something down; nothing moves", roles: .lockers, body: "Comment") {
                try requests.comment($0, $1.body(CommentBody.self).text, by: $1.actor)
            },
            step("emails", "Note an e-mail of the vendor's that came; a request that waits for it goes on", roles: .desk, body: "EmailNote") {
                try requests.takeEmail($0, $1.body(EmailNoteBody.self), by: $1.actor)
            },
            step(
                "sorting", "Say what an enquiry is; it goes on as that", roles: .desk, body: "Sorting",
                problems: Self.openingProblems
            ) { try requests.sort($0, $1.body(SortingBody.self), by: $1.actor) },
            step(
                "visits", "A field agent is at the device: their position; the terminal is asked for its own", roles: .installers, body: "VisitStart",
                problems: [.invalidPosition, .positionTooOld, .deviceNotFound, .deviceOfOtherAccount, .notEnrolled]
            ) { try requests.visit($0, $1.body(VisitStartBody.self), by: $1.actor) },
            step(
                "terminals", "Unlock after theft: what became of the stolen terminals", roles: .lockers, body: "Terminals",
                problems: [.deviceNotFound]
            ) { try requests.settleTerminals($0, $1.body(TerminalsBody.self), by: $1.actor) },
            step("letters", "Locked device: ask the owner for the access code", roles: .lockers, body: "Letter") {
                try requests.write($0, note: $1.body(LetterBody.self).note, by: $1.actor)
            },
            step("codes", "Locked device: the owner's access code", roles: .lockers, body: "AccessCode") {
                try requests.take(code: $1.body(AccessCodeBody.self).code, for: $0, by: $1.actor)
            },
            step("attempts", "Locked device: whether the code opened it. If not, the round begins anew", roles: .installers, body: "Attempt") {
                try requests.attempt($0, $1.body(AttemptBody.self), by: $1.actor)
            },
            step("giving-up", "Locked device: close the case unopened", roles: .seniors, body: "Release") {
                try requests.giveUp($0, note: $1.body(ReleaseBody.self).note, by: $1.actor)
            },
            step("proposal", "Complaint: how it is to be answered. Money back goes to level 2", roles: .desk, body: "Proposal") {
                try requests.propose($0, $1.body(ProposalBody.self), by: $1.actor)
            },
        ]
    }

    private static let openingProblems: [ProblemCode] = [
        .invalidRequest, .unknownChannel, .accountNotFound, .deviceNotFound, .accountClosed, .requestOpen, .channelOpen, .noVendorHold,
        .registeredToAnotherAccount, .tooManyTries,
    ]

    private func requestLists() -> [Endpoint] {
        [
            Endpoint(
                .GET, "/v1/request-kinds", "The kinds of requests with their steps: who may do what, and who is waited for", access: .roles(.readers),
                answers: [.json(200, "The kinds.", "RequestKindList")],
                work: .worker { _ in .json(200, RequestKindListBody(Flow.all)) }),
            Endpoint(
                .POST, "/v1/requests", "Open a request. One that came by the wrong way waits for the right one, and the vendor is told which",
                access: .roles(.lockers), body: "NewRequest", bodyLimit: Self.evidenceLimit,
                answers: [.json(201, "The request.", "Request")],
                problems: Self.openingProblems + [.invalidNumber, .invalidEvidence, .sameNumber, .numberChangeOpen, .textRequired],
                work: .worker { call in
                    let request = try requests.open(call.body(NewRequestBody.self), by: call.actor)
                    courier.wake()
                    return .json(201, request)
                }),
            Endpoint(
                .GET, "/v1/requests", "Requests, newest first", access: .roles(.readers),
                parameters: Self.filterParameters + Endpoint.Parameter.paging,
                answers: [.json(200, "A page of requests.", "RequestList")], problems: [.invalidQuery, .invalidReference, .invalidIMEI],
                work: .worker { call in
                    .json(
                        200,
                        try requests.list(
                            Self.filter(of: call, now: environment.now), before: call.numberAfter(), limit: call.limit(), to: call.actor.role))
                }),
            Endpoint(
                .GET, "/v1/requests/board", "The open requests by the step at which they stand", access: .roles(.readers),
                parameters: [.query("kind", #"{"type":"string"}"#, "Of this kind alone.")] + Endpoint.Parameter.limit,
                answers: [.json(200, "The board.", "RequestBoard")], problems: [.invalidQuery],
                work: .worker { call in
                    .json(200, try requests.board(of: call.word(RequestKind.self, "kind"), limit: call.limit(), to: call.actor.role))
                }),
            Endpoint(
                .GET, "/v1/requests/{ticket}", "One request, with what was done and what can be done next", access: .roles(.readers),
                answers: [.json(200, "The request.", "Request")], problems: [.invalidTicket, .requestNotFound],
                work: .worker { call in .json(200, try requests.show(call.ticket(), to: call.actor.role)) }),
        ]
    }

    private static let filterParameters: [Endpoint.Parameter] = [
        .query("kind", #"{"type":"string"}"#, "Of this kind."), .query("step", #"{"type":"string"}"#, "At this step."),
        .query("account", #"{"type":"string"}"#, "Of this account."), .query("imei", #"{"type":"string"}"#, "About this device."),
        .query("state", #"{"type":"string","enum":["open","closed","all"],"default":"open"}"#, "Open ones, closed ones, all."),
        .query("overdue", #"{"type":"boolean"}"#, "Only those that wait too long."),
        .query("news", #"{"type":"boolean"}"#, "Only those to which something came that nobody has acted on."),
    ]

    private static func filter(of call: Call, now: Timestamp) throws -> RequestFilter {
        let isOpen: Bool? =
            switch call.request.query("state") {
            case nil, "open": true
            case "closed": false
            case "all": nil
            default: throw Problem(.invalidQuery, "'state' is open, closed or all.")
            }
        return RequestFilter(
            kind: try call.word(RequestKind.self, "kind"), account: try call.request.query("account").map(Call.reference),
            imei: try call.request.query("imei").map(Call.imei), step: try call.word(RequestStep.self, "step"), isOpen: isOpen,
            dueBefore: try call.flag("overdue") ? now : nil, hasNews: try call.flag("news") ? true : nil)
    }

    private func step(
        _ word: String, _ summary: String, roles: [Role], body: String, problems: [ProblemCode] = [],
        _ work: @escaping @Sendable (TicketNumber, Call) throws -> RequestBody
    ) -> Endpoint {
        Endpoint(
            .POST, "/v1/requests/{ticket}/\(word)", summary, access: .roles(roles), body: body,
            answers: [.json(200, "The request as it stands now.", "Request")],
            problems: [.invalidTicket, .requestNotFound, .stepOutOfOrder, .textRequired, .invalidRequest] + problems,
            work: .worker { call in
                let request = try work(call.ticket(), call)
                courier.wake()
                return .json(200, request)
            })
    }
}

extension Call {
    func ticket() throws -> TicketNumber {
        let text = request.parameter("ticket")
        guard let ticket = TicketNumber(text) else { throw Problem(.invalidTicket, "'\(text.prefix(30))' is no ticket. Write it as VL-1042.") }
        return ticket
    }

    /// A word out of a fixed list; absent: `nil`.
    func word<Word: RawRepresentable<String> & CaseIterable>(_ type: Word.Type, _ name: String) throws -> Word? {
        try request.query(name).map { text in
            guard let word = Word(rawValue: text) else {
                throw Problem(.invalidQuery, "'\(name)' is one of \(Word.allCases.map(\.rawValue).joined(separator: ", ")).")
            }
            return word
        }
    }
}
