import HTTPServer
import Messaging
import Wire

/// `/hooks/freshchat`
extension BackOffice {
    func freshchatHookEndpoints() -> [Endpoint] {
        let webhook = freshchatWebhook
        return [
            Endpoint(
                .POST, "/hooks/freshchat", "Messages of Freshchat conversations. 200 means that their effect is on disk",
                access: .provider("X-Freshchat-Signature: RSA-SHA256 of the raw body with Freshchat's key."), providerBody: "application/json",
                bodyLimit: HookLimit.other,
                answers: [.taken], problems: HookLimit.problems,
                work: .worker { call in
                    guard let webhook else { throw Problem.notConfigured(.freshchat) }
                    let body = call.request.body
                    let signature = call.request.header("X-Freshchat-Signature")
                    guard webhook.verifies(signature: signature, body: body) else { throw badSignature(.freshchat, signature, call) }
                    if let message = try reading(.freshchat, { try FreshchatWebhook.read(body) }) {
                        try desk.freshchatIntake.receive(message, from: call.address)
                        courier.wake()
                    }
                    return .taken
                })
        ]
    }
}
