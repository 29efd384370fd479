import HTTPServer
import Store
import Wire

/// `/v1/enrolments`, `…/connections` and `…/events`: what terminals send.
extension BackOffice {
    func terminalEndpoints() -> [Endpoint] {
        [
            Endpoint(
                .POST, "/v1/enrolments", "Enrol a terminal's key with its one-time code", access: .open, body: "Enrolment",
                bodyLimit: 4096, answers: [.json(201, "The account and the keys that leases are signed with.", "Enrolled")],
                problems: [
                    .invalidIMEI, .unknownChannel, .publicKeyInvalid, .enrolmentCodeUnknown, .enrolmentCodeForeign, .enrolmentCodeExpired,
                    .enrolmentCodeUsed, .alreadyEnrolled,
                ],
                work: .worker { call in .json(201, try enrolments.enrol(call.body(EnrolmentRequest.self), from: call.address)) }),
            Endpoint(
                .POST, "/v1/devices/{imei}/channels/{channel}/connections", "Connect: prove the key, get a session and the first lease",
                access: .terminalKey, body: "Connection", bodyLimit: 4096, answers: [.json(200, "Session and lease.", "Connected")],
                problems: [.invalidIMEI, .invalidReference, .unknownChannel, .invalidNonce, .unauthorized, .tokenReplayed],
                work: .worker { call in
                    guard let bearer = call.request.bearer else {
                        throw Problem(.unauthorized, "Send the terminal's token: Authorization: Bearer JWT, signed with its enrolled key.")
                    }
                    let body = try call.body(ConnectionRequest.self)
                    return .json(
                        200,
                        try connections.connect(
                            call.imei(), on: call.request.channel(), token: String(bearer), body: body, from: call.address))
                }),
            Endpoint(
                .POST, "/v1/devices/{imei}/events", "Report events; answered when they are on disk", access: .session, body: "EventBatch",
                bodyLimit: 256 * 1024, answers: [.json(200, "The highest sequence number that is kept.", "Acknowledged")],
                problems: [.invalidIMEI, .sessionRefused],
                work: .worker { call in
                    let imei = try call.imei()
                    let catalogue = try environment.store.read { try $0.channelCatalogue() }
                    guard let bearer = call.request.bearer, try polls.holds(session: String(bearer), imei: imei, channels: catalogue) else {
                        throw Polls.sessionRefused
                    }
                    return .json(200, try events.receive(call.body(EventBatch.self), from: imei, address: call.address))
                }),
        ]
    }
}
