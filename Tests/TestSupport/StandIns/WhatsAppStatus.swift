/// One element of `statuses[]`: what became of a message of ours.
package struct WhatsAppStatus: Sendable {
    package let json: JSONValue

    /// - Parameters:
    ///   - status: sent, delivered, read or failed.
    ///   - code: why it failed, for example 131026.
    package init(of wamid: String, _ status: String, to recipient: String, tag: String? = nil, code: Int64? = nil, time: Int64? = nil) {
        let isUserID = recipient.contains(".")
        let error = code.map { code -> JSONValue in
            [
                "code": .integer(code), "title": "Message undeliverable", "message": "Message undeliverable",
                "error_data": ["details": "Message Undeliverable."],
                "href": "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
            ]
        }
        json = [
            "id": .string(wamid), "status": .string(status), "timestamp": .string("\(time ?? Int64(wallSeconds()))"),
            "recipient_id": isUserID ? nil : .string(recipient), "recipient_user_id": isUserID ? .string(recipient) : nil,
            "biz_opaque_callback_data": tag.map { .string($0) }, "errors": error.map { [$0] },
        ]
    }
}

extension GraphStandIn {
    /// The signed report of what became of a message.
    package func statusBody(for sent: Sent, status: String, code: Int64? = nil, secret: String) throws -> Webhook {
        try Webhooks.whatsApp(
            statuses: [WhatsAppStatus(of: sent.wamid, status, to: sent.to, tag: sent.tag, code: code)], phoneNumberID: sent.phoneNumberID,
            secret: secret)
    }
}
