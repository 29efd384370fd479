import HTTPServer
import Wire

/// `/v1/devices/{imei}/offline-codes`
extension BackOffice {
    func offlineCodesEndpoints() -> [Endpoint] {
        [
            Endpoint(
                .POST, "/v1/devices/{imei}/offline-codes", "A code that the vendor types while the terminal has no network; it works once",
                access: .roles(.seniors), body: "NewOfflineCode", answers: [.json(201, "The code; it is shown once.", "OfflineCode")],
                problems: [.invalidIMEI, .textRequired, .deviceNotFound, .notEnrolled, .lockStateDiffers, .noCodeKey],
                work: .worker { call in
                    .json(201, try offlineCodes.issue(call.body(NewOfflineCodeBody.self), for: call.imei(), by: call.actor))
                })
        ]
    }
}
