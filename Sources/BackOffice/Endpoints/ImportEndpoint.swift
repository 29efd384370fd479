import HTTPServer
import Wire

/// `/v1/accounts/import` and `/v1/accounts/export`: accounts as files.
extension BackOffice {
    /// Bytes of a file that is taken; 100,000 accounts are about 20 MB.
    private static let largestFile = 32 << 20
    private static let csv = "text/csv; charset=utf-8; header=present"

    func importEndpoints() -> [Endpoint] {
        let flag = #"{"type":"boolean","default":false}"#
        return [
            Endpoint(
                .POST, "/v1/accounts/import",
                "Create accounts from a file (RFC 4180): all of them, or, when a row is wrong, none. A refusal lists the rows in 'errors'",
                access: .roles(.admins),
                parameters: [
                    .query("skip_bad", flag, "Leave out the rows that are wrong, and import the others."),
                    .query("dry_run", flag, "Only check the file; nothing is changed."),
                ], fileBody: "text/csv", bodyLimit: Self.largestFile, answers: [.json(200, "What became of the file.", "ImportAnswer")],
                problems: [.invalidQuery, .importRunning, .importRefused],
                work: .worker { call in
                    do {
                        let answer = try imports.take(
                            call.request.body, skippingBad: call.flag("skip_bad"), isDryRun: call.flag("dry_run"), by: call.actor)
                        return .json(200, answer)
                    } catch let refused as RowErrors {
                        let body = ImportRefusalBody(refused)
                        environment.metrics.problems.increment(body.code)
                        return HTTPResponse(status: body.status, contentType: Problem.contentType, body: JSON.encode(body))
                    }
                }),
            Endpoint(
                .GET, "/v1/accounts/import", "How far the import that runs now has come", access: .roles(.admins),
                answers: [.json(200, "Its phase; idle when none runs.", "ImportProgress")], work: .worker { _ in .json(200, imports.progress) }),
            Endpoint(
                .GET, "/v1/accounts/export",
                "The open accounts as a file that can be imported; `Link` with rel=\"next\" leads to the next page of it",
                access: .roles(.auditors),
                parameters: [
                    .query("after", #"{"type":"string"}"#, "The reference behind which the page begins."),
                    .query("limit", #"{"type":"integer","minimum":1,"maximum":10000,"default":10000}"#, "Accounts at most."),
                ], answers: [.text(200, "The file, or one page of it; only the first page has the heading.", "text/csv")],
                problems: [.invalidQuery, .invalidReference],
                work: .worker { call in
                    let limit = try call.limit(default: AccountExport.longestPage, most: AccountExport.longestPage)
                    let page = try exporting.page(after: call.request.query("after").map(Call.reference), limit: limit, by: call.actor)
                    var response = HTTPResponse(status: 200, contentType: Self.csv, body: page.bytes)
                    response.headers.append(("Content-Disposition", "attachment; filename=\"accounts.csv\""))
                    if let next = page.next {
                        response.headers.append(("Link", "</v1/accounts/export?after=\(next)&limit=\(limit)>; rel=\"next\""))
                    }
                    return response
                }),
        ]
    }
}
