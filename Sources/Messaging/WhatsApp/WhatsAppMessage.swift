/// The body of a request that sends.
struct WhatsAppMessage: Encodable {
    struct Text: Encodable {
        let previewsLinks = false
        let body: String

        enum CodingKeys: String, CodingKey { case body, previewsLinks = "preview_url" }
    }

    struct Context: Encodable {
        let messageID: String

        enum CodingKeys: String, CodingKey { case messageID = "message_id" }
    }

    struct Template: Encodable {
        struct Language: Encodable { let code: String }

        struct Component: Encodable {
            struct Parameter: Encodable {
                let type: String
                let text: String
            }

            let type: String
            let parameters: [Parameter]
        }

        let name: String
        let language: Language
        let components: [Component]?
    }

    let product = "whatsapp"
    let recipientType = "individual"
    /// A number.
    let to: String?
    /// A business-scoped user id, in place of a number.
    let recipient: String?
    let type: String
    var text: Text?
    var template: Template?
    var context: Context?
    /// Comes back with the statuses.
    let tag: String

    enum CodingKeys: String, CodingKey {
        case to, recipient, type, text, template, context
        case product = "messaging_product"
        case recipientType = "recipient_type"
        case tag = "biz_opaque_callback_data"
    }

    init(to address: String, type: String, tag: String) {
        let isUserID = address.contains(".")
        to = isUserID ? nil : address
        recipient = isUserID ? address : nil
        self.type = type
        self.tag = tag
    }
}
