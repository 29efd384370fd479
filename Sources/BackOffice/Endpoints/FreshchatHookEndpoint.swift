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
                    let message = try signed(
                        .freshchat, by: "X-Freshchat-Signature", call, verifies: webhook.verifies, read: FreshchatWebhook.read)
                    if let message {
                        try desk.freshchatIntake.receive(message, from: call.address)
                        courier.wake()
                    }
                    return .taken
                })
        ]
    }
}
