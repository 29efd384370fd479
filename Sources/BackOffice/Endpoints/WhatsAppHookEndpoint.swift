import HTTPServer
import Messaging
import Wire

/// `/hooks/whatsapp`
extension BackOffice {
    func whatsAppHookEndpoints() -> [Endpoint] {
        let configuration = desk.configuration.whatsapp.flatMap { $0.appSecret.isEmpty ? nil : $0 }
        let webhook = configuration.map { WhatsAppWebhook(appSecret: $0.appSecret) }
        return [
            Endpoint(
                .GET, "/hooks/whatsapp", "Meta asks whether this address is ours",
                access: .provider("hub.verify_token is the one of the configuration."),
                parameters: [
                    .query("hub.mode", #"{"const":"subscribe"}"#, "What is asked."), .query("hub.challenge", #"{"type":"string"}"#, "Sent back."),
                    .query("hub.verify_token", #"{"type":"string"}"#, "The configured word."),
                ],
                answers: [.text(200, "The challenge.", "text/plain")], problems: [.providerNotConfigured, .signatureWrong],
                work: .worker { call in
                    guard configuration != nil else { throw Problem.notConfigured(.whatsapp) }
                    let request = call.request
                    guard
                        let challenge = WhatsAppWebhook.challenge(
                            mode: request.query("hub.mode"), token: request.query("hub.verify_token"),
                            challenge: request.query("hub.challenge"), expected: configuration?.verifyToken)
                    else { throw Problem(.signatureWrong, "hub.verify_token is not the one of the configuration, or hub.mode is not 'subscribe'.") }
                    return HTTPResponse(status: 200, contentType: "text/plain", body: Array(challenge.utf8))
                }),
            Endpoint(
                .POST, "/hooks/whatsapp", "Messages and reports of the WhatsApp Business Cloud API. 200 means that their effect is on disk",
                access: .provider("X-Hub-Signature-256: HMAC-SHA-256 of the raw body with the app's secret."), providerBody: "application/json",
                bodyLimit: HookLimit.whatsApp,
                answers: [.taken], problems: HookLimit.problems,
                work: .worker { call in
                    guard let webhook else { throw Problem.notConfigured(.whatsapp) }
                    let updates = try signed(
                        .whatsapp, by: "X-Hub-Signature-256", call, verifies: webhook.verifies, read: WhatsAppUpdates.read)
                    try desk.intake.take(updates.messages, from: call.address)
                    try desk.settlement.report(updates.statuses, provider: .whatsapp, now: environment.now)
                    courier.wake()
                    return .taken
                }),
        ]
    }
}
