extension TwilioWebhook {
    /// What WhatsApp's addresses begin with when they come through Twilio.
    private static let whatsapp = "whatsapp:"

    /// Whether it reports on a message of ours, and is none that came in.
    package static func isReport(_ form: FormData) -> Bool {
        guard let status = form.first("SmsStatus") ?? form.first("MessageStatus") else { return false }
        return status != "received" && status != "receiving"
    }

    /// The message in a form; `nil` when it holds none, for example a report on a message of ours.
    package static func read(_ form: FormData) -> InboundMessage? {
        guard let id = form.first("MessageSid") ?? form.first("SmsMessageSid") ?? form.first("SmsSid"), !id.isEmpty,
            let from = form.first("From")
        else { return nil }
        if isReport(form) { return nil }
        let address = withoutChannel(from)
        let phone = PhoneSender.number(address)
        // The address may be the user id itself, where the user shows no number.
        let userID = form.first("ExternalUserId").map(withoutChannel) ?? (isUserID(from) ? address : nil)
        let replyTo = phone != nil || isUserID(from) ? ReplyAddress(provider: .twilio, to: from, from: form.first("To")) : nil
        return InboundMessage(
            provider: .twilio, id: id, sender: .init(phone: phone, userID: userID), content: content(form), replyTo: replyTo)
    }

    /// `OptOutType` is not looked at: whoever writes STOP to us may mean a terminal, and what Twilio makes of it shows when we answer.
    private static func content(_ form: FormData) -> InboundMessage.Content {
        let body = form.first("Body") ?? ""
        guard body.allSatisfy(\.isWhitespace) else { return .text(body) }
        if let count = form.first("NumMedia").flatMap({ Int($0) }), count > 0 { return .unreadable(kind: "media") }
        return form.first("Latitude") == nil ? .text(body) : .unreadable(kind: "location")
    }

    private static func withoutChannel(_ address: String) -> String {
        address.hasPrefix(whatsapp) ? String(address.dropFirst(whatsapp.count)) : address
    }

    /// Whether it is a business-scoped user id, `whatsapp:ZA.1234`: a country's two letters, a point, and more.
    private static func isUserID(_ address: String) -> Bool {
        guard address.hasPrefix(whatsapp) else { return false }
        let id = Array(address.utf8.dropFirst(whatsapp.utf8.count))
        return id.count > 3 && id[..<2].allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) } && id[2] == UInt8(ascii: ".")
    }
}
