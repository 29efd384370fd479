import HTTPServer
import Messaging
import Wire

/// `/hooks/ussd/africastalking/{secret}`
extension BackOffice {
    func ussdHookEndpoints() -> [Endpoint] {
        [
            Endpoint(
                .POST, "/hooks/ussd/africastalking/{secret}", "A USSD session through Africa's Talking: dial, type the reference, read the result",
                access: .provider("The path's last part is the configured secret."), providerBody: "application/x-www-form-urlencoded",
                bodyLimit: HookLimit.other,
                answers: [.text(200, "The next screen: CON or END and its text.", "text/plain")], problems: HookLimit.problems,
                work: .worker { call in
                    try checkSecret(desk.configuration.africasTalking?.secret, .ussd, call)
                    guard let request = USSDRequest.read(FormData(body: call.request.body)) else {
                        throw Problem(.invalidBody, "sessionId and phoneNumber are missing.")
                    }
                    let answer = try ussd.answer(request, from: call.address)
                    courier.wake()
                    return HTTPResponse(status: 200, contentType: "text/plain; charset=utf-8", body: Array((answer?.text ?? "").utf8))
                })
        ]
    }
}
