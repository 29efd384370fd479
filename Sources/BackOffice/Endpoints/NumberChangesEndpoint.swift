import HTTPServer
import Wire

/// `/v1/accounts/{ref}/number-changes` and `/v1/accounts/{ref}/linked-number/suspension`
extension BackOffice {
    /// A picture of the largest size in Base64, and the words around it.
    static let evidenceLimit = 4 << 20

    func numberChangesEndpoints() -> [Endpoint] {
        let path = "/v1/accounts/{ref}/number-changes"
        let missing: [ProblemCode] = [.invalidReference, .accountNotFound]
        return [
            Endpoint(
                .POST, path, "Ask for a change of the linked number, with evidence. A second person approves it", access: .roles(.desk),
                body: "NewNumberChange", bodyLimit: Self.evidenceLimit, answers: [.json(201, "The request.", "NumberChange")],
                problems: missing + [.textRequired, .invalidNumber, .invalidEvidence, .sameNumber, .numberChangeOpen],
                work: .worker { call in
                    .json(201, try numberChanges.request(call.body(NewNumberChangeBody.self), for: call.reference(), by: call.actor))
                }),
            Endpoint(
                .GET, path, "Requests to change the linked number, newest first", access: .roles(.readers), parameters: Endpoint.Parameter.limit,
                answers: [.json(200, "The newest ones, without their evidence.", "NumberChangeList")], problems: missing + [.invalidQuery],
                work: .worker { call in .json(200, try numberChanges.list(of: call.reference(), limit: call.limit())) }),
            Endpoint(
                .GET, path + "/{id}", "One request with what it rests on", access: .roles(.readers),
                answers: [.json(200, "The request.", "NumberChange")], problems: [.invalidReference, .numberChangeNotFound],
                work: .worker { call in .json(200, try numberChanges.show(call.request.parameter("id"), of: call.reference())) }),
            Endpoint(
                .GET, path + "/{id}/evidence/{kind}", "The picture of one piece of evidence, as it was sent", access: .roles(.readers),
                answers: [.text(200, "The file, with its own media type.", "*/*")],
                problems: [.invalidReference, .numberChangeNotFound, .evidenceNotFound],
                work: .worker { call in
                    let picture = try numberChanges.picture(
                        call.request.parameter("kind"), ofChange: call.request.parameter("id"), of: call.reference())
                    var response = HTTPResponse(status: 200, contentType: picture.contentType, body: picture.content)
                    // What a stranger may have made is saved, never shown as a page of ours.
                    response.headers += [("Content-Disposition", "attachment"), ("X-Content-Type-Options", "nosniff")]
                    return response
                }),
            decision(
                "approval", "Approve: the new number is linked at once, the old one locks too for 24 hours. Never by the one who asked",
                problems: [.numberChangeDecided, .samePerson, .numberChangedMeanwhile], NumberChanges.approve),
            decision("refusal", "Refuse: nothing is changed", problems: [.numberChangeDecided], NumberChanges.decline),
            decision(
                "cancellation", "Undo an approved change during its 24 hours: the old number is linked again, the new one is not",
                problems: [.numberChangeNotApproved, .coolingOffOver, .numberChangedMeanwhile], NumberChanges.cancel),
            Endpoint(
                .DELETE, "/v1/accounts/{ref}/linked-number/suspension",
                "Confirm a linked number that WhatsApp reported as changed: it may lock again", access: .roles(.seniors), body: "Release",
                answers: [.json(200, "The account.", "Account")], problems: missing + [.textRequired, .numberNotSuspended],
                work: .worker { call in
                    let reference = try call.reference()
                    try numberChanges.confirm(reference, note: call.body(ReleaseBody.self).note, by: call.actor)
                    return .json(200, try accounts.show(reference))
                }),
        ]
    }

    private typealias Decision = (_ id: String, _ reference: AccountReference, _ note: String, _ actor: Actor) throws -> NumberChangeBody

    private func decision(
        _ word: String, _ summary: String, problems: [ProblemCode], _ decide: @escaping @Sendable (NumberChanges) -> Decision
    ) -> Endpoint {
        Endpoint(
            .POST, "/v1/accounts/{ref}/number-changes/{id}/\(word)", summary, access: .roles(.seniors), body: "Release",
            answers: [.json(200, "The request as it stands now.", "NumberChange")],
            problems: [.invalidReference, .accountNotFound, .textRequired, .numberChangeNotFound] + problems,
            work: .worker { call in
                let note = try call.body(ReleaseBody.self).note
                let change = try decide(numberChanges)(call.request.parameter("id"), call.reference(), note, call.actor)
                courier.wake()
                return .json(200, change)
            })
    }
}
