import Messaging
import PhoneNumbers
import Wire

extension FuzzTarget {
    /// What providers of messages send, once their signature is verified: `w` WhatsApp, `f` Freshchat, `c` Clickatell, `t` Twilio,
    /// `a` Africa's Talking, `u` its USSD, `x` the text of a message.
    static let webhooks = FuzzTarget(name: "webhooks") {
        let phones = try PhoneNumberReader(region: "ZA")
        return { bytes in
            let (kind, rest) = kind(of: bytes)
            for message in messages(kind, rest) {
                try FuzzedTerminal.survives(message)
                if let phone = message.sender.phone { _ = PhoneNumberReader.number(international: phone) ?? phones.number(phone) }
                if case .text(let text) = message.content { try reads(text) }
            }
            if kind == "x" { try reads(String(decoding: rest, as: UTF8.self)) }
        }
    }

    private static func messages(_ kind: Character, _ bytes: [UInt8]) -> [InboundMessage] {
        // A body that is none is answered with 400, and that is all.
        switch kind {
        case "w": return (try? WhatsAppUpdates.read(bytes))?.messages ?? []
        case "f":
            _ = try? FreshchatWebhook.read(bytes)
            return []
        case "c": return (try? ClickatellWebhook.read(bytes))?.messages ?? []
        case "t":
            let form = FormData(body: bytes)
            return TwilioWebhook.isReport(form) ? [] : [TwilioWebhook.read(form)].compactMap(\.self)
        case "a": return [AfricasTalkingWebhook.read(FormData(body: bytes))].compactMap(\.self)
        case "u":
            _ = USSDRequest.read(FormData(body: bytes))
            return []
        default: return []
        }
    }

    private static func reads(_ text: String) throws {
        guard case .stop(let reference, _, _, let language, _) = StopReader.read(text) else { return }
        try hold(StopReader.read("stop \(reference)").reference == reference, "'stop \(reference)' means another account")
        try hold(!language.isEmpty, "a stop is in no language")
    }
}

extension Reading {
    fileprivate var reference: AccountReference? { if case .stop(let reference, _, _, _, _) = self { reference } else { nil } }
}
