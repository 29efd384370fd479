import Signing

extension Webhooks {
    /// One text, signed.
    package static func whatsApp(
        text: String, from sender: WhatsAppSender, id: String? = nil, time: Int64? = nil, phoneNumberID: String = "200000000000002", secret: String
    ) throws -> Webhook {
        try whatsApp([.text(text, from: sender, id: id, time: time)], phoneNumberID: phoneNumberID, secret: secret)
    }

    /// A batch of messages and statuses, signed.
    ///
    /// - Parameter perChange: how many share one `changes[]`, each in an `entry[]` of its own; absent: all share one.
    package static func whatsApp(
        _ messages: [WhatsAppMessage] = [], statuses: [WhatsAppStatus] = [], perChange: Int? = nil, phoneNumberID: String = "200000000000002",
        secret: String
    ) throws -> Webhook {
        let size = max(1, perChange ?? messages.count)
        var changes: [JSONValue] = stride(from: 0, to: messages.count, by: size).map { start in
            let part = messages[start..<min(start + size, messages.count)]
            return change(
                phoneNumberID, ["contacts": .array(part.map(\.sender.contact)), "messages": .array(part.map(\.json))])
        }
        if !statuses.isEmpty || messages.isEmpty { changes.append(change(phoneNumberID, ["statuses": .array(statuses.map(\.json))])) }
        let entries = changes.map { change -> JSONValue in ["id": "100000000000001", "changes": [change]] }
        let body: JSONValue = ["object": "whatsapp_business_account", "entry": .array(entries)]
        return try signedWhatsApp(body: body.bytes, secret: secret)
    }

    /// Any body with the signature that belongs to it.
    package static func signedWhatsApp(body: [UInt8], secret: String) throws -> Webhook {
        let signature = Digest.hex(try HMACKey(Array(secret.utf8)).code(of: body))
        return Webhook(body: body, headers: ["X-Hub-Signature-256: sha256=\(signature)"])
    }

    private static func change(_ phoneNumberID: String, _ members: [String: JSONValue]) -> JSONValue {
        let common: [String: JSONValue] = [
            "messaging_product": "whatsapp", "metadata": ["display_phone_number": "27110000000", "phone_number_id": .string(phoneNumberID)],
        ]
        return ["field": "messages", "value": .object(common.merging(members) { _, given in given })]
    }
}
