import Wire

/// Messages as Africa's Talking brings them: a form without a signature.
/// - Source: Africa's Talking, "SMS notifications", incoming messages.
package enum AfricasTalkingWebhook {
    /// The message in a form; `nil` when it holds none, for example a delivery report.
    package static func read(_ form: FormData) -> InboundMessage? {
        guard let id = form.first("id"), !id.isEmpty, let from = form.first("from") else { return nil }
        let phone = PhoneSender.number(from)
        return InboundMessage(
            provider: .africastalking, id: id, sender: .init(phone: phone), sentAt: form.first("date").flatMap(moment),
            content: .text(form.first("text") ?? ""), replyTo: phone.map { ReplyAddress(provider: .africastalking, to: $0) })
    }

    /// `2026-07-18T12:00:00Z` and `2026-07-18 12:00:00` are both sent; the second is taken as UTC too.
    static func moment(_ date: String) -> Timestamp? {
        let text = date.replacing(" ", with: "T")
        return Timestamp(text) ?? Timestamp(text + "Z")
    }
}
