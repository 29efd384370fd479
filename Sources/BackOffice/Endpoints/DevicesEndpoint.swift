import HTTPServer
import Wire

/// `/v1/devices`
extension BackOffice {
    func devicesEndpoints() -> [Endpoint] {
        [
            Endpoint(
                .POST, "/v1/devices", "Make a device known, registered to an account or to none", access: .roles(.desk + [.fieldAgent]),
                body: "NewDevice",
                answers: [.json(201, "The device, new.", "Device"), .json(200, "The device, known before and now registered.", "Device")],
                problems: [.invalidIMEI, .invalidReference, .accountNotFound, .accountClosed, .deviceExists, .registeredToAnotherAccount],
                work: .worker { call in
                    let (device, isNew) = try devices.register(call.body(NewDeviceBody.self), by: call.actor)
                    return .json(isNew ? 201 : 200, device)
                }),
            Endpoint(
                .GET, "/v1/devices", "All devices, by IMEI", access: .roles(.readers), parameters: Endpoint.Parameter.paging,
                answers: [.json(200, "A page of devices.", "DeviceList")], problems: [.invalidIMEI, .invalidQuery],
                work: .worker { call in .json(200, try devicePage(after: call.request.query("after").map(Call.imei), limit: call.limit(), for: call))
                }),
            Endpoint(
                .GET, "/v1/devices/{imei}/events", "What the terminal reported, newest first", access: .roles(.readers),
                parameters: Endpoint.Parameter.paging, answers: [.json(200, "A page of events.", "EventList")],
                problems: [.invalidIMEI, .invalidQuery, .deviceNotFound],
                work: .worker { call in .json(200, try devices.events(of: call.imei(), before: call.numberAfter(), limit: call.limit())) }),
            Endpoint(
                .GET, "/v1/devices/{imei}", "One device", access: .roles(.readers), answers: [.json(200, "The device.", "Device")],
                problems: [.invalidIMEI, .deviceNotFound], work: .worker { call in .json(200, try devices.show(call.imei())) }),
            Endpoint(
                .DELETE, "/v1/devices/{imei}/sign-in", "Take an unregistered device off the account that it signed in to; its seat is free again",
                access: .roles(.seniors), body: "Release", answers: [.json(200, "The device, signed out.", "Device")],
                problems: [.invalidIMEI, .textRequired, .deviceNotFound, .notSignedIn],
                work: .worker { call in
                    .json(200, try devices.signOut(call.imei(), note: call.body(ReleaseBody.self).note, by: call.actor))
                }),
            Endpoint(
                .DELETE, "/v1/devices/{imei}/enrolment", "End the enrolment of a device that lost its key, so that it can enrol anew; its holds stay",
                access: .roles(.seniors), body: "Release", answers: [.json(200, "The device, no longer enrolled.", "Device")],
                problems: [.invalidIMEI, .textRequired, .deviceNotFound, .notEnrolled],
                work: .worker { call in
                    .json(200, try devices.endEnrolment(of: call.imei(), note: call.body(ReleaseBody.self).note, by: call.actor))
                }),
            Endpoint(
                .POST, "/v1/devices/{imei}/decommission", "Take a device out of service for good; its next lease is locked and its place is free",
                access: .roles(.seniors), body: "Release", answers: [.json(200, "The device, out of service.", "Device")],
                problems: [.invalidIMEI, .textRequired, .deviceNotFound, .alreadyDecommissioned],
                work: .worker { call in
                    .json(200, try devices.decommission(call.imei(), note: call.body(ReleaseBody.self).note, by: call.actor))
                }),
            Endpoint(
                .POST, "/v1/devices/{imei}/move", "Register a registered device to another account; its holds and its enrolment go with it",
                access: .roles(.seniors), body: "DeviceMove", answers: [.json(200, "The device, moved.", "Device")],
                problems: [
                    .invalidIMEI, .invalidReference, .textRequired, .deviceNotFound, .accountNotFound, .accountClosed, .alreadyThere, .notRegistered,
                    .alreadyDecommissioned,
                ],
                work: .worker { call in .json(200, try devices.move(call.imei(), call.body(DeviceMoveBody.self), by: call.actor)) }),
            Endpoint(
                .POST, "/v1/devices/{imei}/enrolment-codes", "A one-time code with which the device enrols within 24 hours",
                access: .roles(.installers), answers: [.json(201, "The code; it is shown once.", "EnrolmentCode")],
                problems: [.invalidIMEI, .deviceNotFound],
                work: .worker { call in .json(201, try devices.enrolmentCode(for: call.imei(), by: call.actor)) }),
        ]
    }
}
