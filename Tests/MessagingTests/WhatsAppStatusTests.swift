import Messaging
import Testing

struct WhatsAppStatusTests {
    private func read(_ statuses: String) throws -> [DeliveryStatus] {
        let body = #"{"entry":[{"changes":[{"field":"messages","value":{"statuses":[\#(statuses)]}}]}]}"#
        return try WhatsAppUpdates.read(Array(body.utf8)).statuses
    }

    @Test(
        arguments: [
            ("sent", DeliveryStatus.State.sent), ("delivered", .delivered), ("read", .read), ("played", .read), ("failed", .failed),
            ("deleted", nil), ("warned", nil),
        ] as [(String, DeliveryStatus.State?)])
    func readsEachState(_ word: String, _ state: DeliveryStatus.State?) throws {
        let statuses = try read(
            #"{"id":"wamid.S","status":"\#(word)","timestamp":"1784376000","recipient_id":"27711234567","biz_opaque_callback_data":"o-1"}"#)
        #expect(statuses.map(\.state) == [state].compactMap(\.self))
        #expect(statuses.allSatisfy { $0.providerID == "wamid.S" && $0.tag == "o-1" })
    }

    @Test func aStatusThatDidNotFailHasNoFailure() throws {
        #expect(try read(#"{"id":"a","status":"sent","errors":[{"code":131026}]}"#) == [DeliveryStatus(providerID: "a", state: .sent)])
    }

    @Test(arguments: [
        (#"[{"code":131047,"title":"Re-engagement message"}]"#, SendOutcome.outsideWindow),
        (#"[{"code":131026,"error_data":{"details":"Not on WhatsApp."}}]"#, .unreachable(code: "131026", detail: "Not on WhatsApp.")),
        (#"[{"code":"131026","error_data":"gone"}]"#, .unreachable(code: "131026", detail: "gone")),
        (#"[{"code":131049,"message":"m","title":"t"}]"#, .retry(code: "131049", detail: "m", after: .seconds(86_400), alarm: false)),
        (#"[{"code":131056,"title":"t"}]"#, .retry(code: "131056", detail: "t", after: .seconds(4), alarm: false)),
        (#"[{"code":999999,"title":"new"}]"#, .refused(code: "999999", detail: "new", alarm: true)),
        (#"[{}]"#, .refused(code: "failed", detail: "WhatsApp does not say why", alarm: false)),
        ("[]", .refused(code: "failed", detail: "WhatsApp does not say why", alarm: false)),
        ("null", .refused(code: "failed", detail: "WhatsApp does not say why", alarm: false)),
    ])
    func saysWhyAMessageFailed(_ errors: String, _ failure: SendOutcome) throws {
        let status = try #require(try read(#"{"id":"a","status":"failed","errors":\#(errors)}"#).first)
        #expect(status.failure == failure)
        #expect(status.tag == nil)
    }

    @Test func anOddStatusCostsNoOther() throws {
        let statuses = try read(
            #"{"id":"1","status":"sent"},null,7,{},{"status":"sent"},{"id":"x"},{"id":"y","status":7},{"id":"2","status":"read"}"#)
        #expect(statuses.map(\.providerID) == ["1", "2"])
    }
}
