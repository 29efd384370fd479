import HTTPServer
import Messaging
import Wire

/// `/hooks/sms/…`
extension BackOffice {
    func smsHookEndpoints() -> [Endpoint] {
        let configuration = desk.configuration
        return [
            Endpoint(
                .POST, "/hooks/sms/twilio", "An SMS through Twilio. 200 means that its effect is on disk",
                access: .provider("X-Twilio-Signature over the public URL and the form's fields."), providerBody: "application/x-www-form-urlencoded",
                bodyLimit: HookLimit.other,
                answers: [.text(200, "Taken; nothing is said in the answer.", "text/xml")], problems: HookLimit.problems,
                work: .worker { call in
                    guard let twilio = configuration.twilio, !twilio.publicURL.isEmpty else { throw Problem.notConfigured(.twilio) }
                    let form = FormData(body: call.request.body)
                    let signature = call.request.header("X-Twilio-Signature")
                    guard
                        TwilioWebhook(authToken: twilio.authToken).verifies(
                            signature: signature, url: twilio.signedURL(target: call.request.target), form: form)
                    else { throw badSignature(.twilio, signature, call) }
                    if !TwilioWebhook.isReport(form) {
                        try takeSMS([message(of: .twilio, TwilioWebhook.read(form), "MessageSid and From")], call)
                    }
                    return HTTPResponse(
                        status: 200, contentType: "text/xml", body: Array(#"<?xml version="1.0" encoding="UTF-8"?><Response/>"#.utf8))
                }),
            Endpoint(
                .POST, "/hooks/sms/africastalking/{secret}", "An SMS through Africa's Talking. 200 means that its effect is on disk",
                access: .provider("The path's last part is the configured secret."), providerBody: "application/x-www-form-urlencoded",
                bodyLimit: HookLimit.other, answers: [.taken],
                problems: HookLimit.problems,
                work: .worker { call in
                    try checkSecret(configuration.africasTalking?.secret, .africastalking, call)
                    let form = FormData(body: call.request.body)
                    // A delivery report that was given the same address: nothing is done with it.
                    if form.first("status") != nil, form.first("text") == nil { return .taken }
                    try takeSMS([message(of: .africastalking, AfricasTalkingWebhook.read(form), "id and from")], call)
                    return .taken
                }),
            Endpoint(
                .POST, "/hooks/sms/clickatell/{secret}", "An SMS through Clickatell. 200 means that its effect is on disk",
                access: .provider("The path's last part is the configured secret."), providerBody: "application/json", bodyLimit: HookLimit.other,
                answers: [.taken],
                problems: HookLimit.problems,
                work: .worker { call in
                    try checkSecret(configuration.clickatell?.secret, .clickatell, call)
                    let webhook = try reading(.clickatell) { try ClickatellWebhook.read(call.request.body) }
                    try takeSMS(webhook.messages, call)
                    if !webhook.odd.isEmpty { reportUnreadable(.clickatell, webhook.odd.joined(separator: "; "), count: webhook.odd.count) }
                    return .taken
                }),
        ]
    }

    /// A form that is no message of the provider: answered 200 it would be lost without anybody knowing.
    private func message(of provider: Provider, _ message: InboundMessage?, _ fields: String) throws -> InboundMessage {
        try reading(provider) {
            guard let message else { throw Problem(.invalidBody, "This is no message of \(provider.fullTitle): it needs the fields \(fields).") }
            return message
        }
    }

    private func takeSMS(_ messages: [InboundMessage], _ call: Call) throws {
        try desk.intake.take(messages, from: call.address)
        courier.wake()
    }

    /// These providers sign nothing: who knows the path is believed.
    func checkSecret(_ expected: String?, _ provider: Provider, _ call: Call) throws {
        guard let expected else { throw Problem.notConfigured(provider) }
        guard SecretPath.matches(call.request.parameter("secret"), expected) else { throw badSignature(provider, "", call) }
    }
}
