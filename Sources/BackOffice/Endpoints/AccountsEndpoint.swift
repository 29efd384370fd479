import HTTPServer
import Wire

/// `/v1/accounts`
extension BackOffice {
    func accountsEndpoints() -> [Endpoint] {
        [
            Endpoint(
                .POST, "/v1/accounts", "Create an account", access: .roles(.desk), body: "NewAccount",
                answers: [.json(201, "The account.", "Account")],
                problems: [.invalidReference, .invalidNumber, .unknownChannel, .textRequired, .accountExists],
                work: .worker { call in .json(201, try shown(accounts.create(call.body(NewAccountBody.self), by: call.actor), to: call)) }),
            Endpoint(
                .GET, "/v1/accounts", "Find accounts by part of the reference, a name, the linked number or an IMEI", access: .roles(.readers),
                parameters: [.query("query", #"{"type":"string"}"#, "What to look for; absent: all.")] + Endpoint.Parameter.paging,
                answers: [.json(200, "A page of accounts, by reference.", "AccountList")], problems: [.invalidQuery, .invalidReference],
                work: .worker { call in
                    let after = try call.request.query("after").map(Call.reference)
                    let text = call.request.query("query")?.trimmed
                    return .json(200, try accountPage(matching: text?.isEmpty == true ? nil : text, after: after, limit: call.limit(), for: call))
                }),
            Endpoint(
                .GET, "/v1/accounts/{ref}", "One account", access: .roles(.readers), answers: [.json(200, "The account.", "Account")],
                problems: [.invalidReference, .accountNotFound],
                work: .worker { call in .json(200, try shown(accounts.show(call.reference()), to: call)) }),
            Endpoint(
                .PATCH, "/v1/accounts/{ref}", "Change an account; what is absent stays", access: .roles(.desk), body: "AccountPatch",
                answers: [.json(200, "The account.", "Account")],
                problems: [.invalidReference, .invalidNumber, .textRequired, .accountNotFound, .numberChangeNeedsRequest],
                work: .worker { call in
                    .json(200, try shown(accounts.change(call.reference(), call.body(AccountPatchBody.self), by: call.actor), to: call))
                }),
            Endpoint(
                .PUT, "/v1/accounts/{ref}/locked-channels", "Set the channels that an account is locked to", access: .roles(.seniors),
                body: "LockedChannels", answers: [.json(200, "The account.", "Account")],
                problems: [.invalidReference, .unknownChannel, .emptyChannels, .textRequired, .accountNotFound, .accountClosed, .dropsLastChannel],
                work: .worker { call in
                    .json(200, try accounts.lockToChannels(call.reference(), call.body(LockedChannelsBody.self), by: call.actor))
                }),
            Endpoint(
                .POST, "/v1/accounts/{ref}/closure", "Close an account: it is locked until it is reopened, and its devices are registered nowhere",
                access: .roles(.seniors), body: "Release", answers: [.json(200, "The account, closed.", "Account")],
                problems: [.invalidReference, .textRequired, .accountNotFound, .accountClosed],
                work: .worker { call in
                    .json(200, try accounts.close(call.reference(), note: call.body(ReleaseBody.self).note, by: call.actor))
                }),
            Endpoint(
                .DELETE, "/v1/accounts/{ref}/closure", "Reopen a closed account; its devices are registered anew", access: .roles(.seniors),
                body: "Release", answers: [.json(200, "The account, open.", "Account")],
                problems: [.invalidReference, .textRequired, .accountNotFound, .accountOpen],
                work: .worker { call in
                    .json(200, try accounts.reopen(call.reference(), note: call.body(ReleaseBody.self).note, by: call.actor))
                }),
        ]
    }
}
