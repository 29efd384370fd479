import HTTPServer

/// What Meta would refuse, found by reading the JSON member by member.
extension GraphAccount {
    private static let members: Set<String> = [
        "messaging_product", "recipient_type", "to", "recipient", "type", "text", "template", "context", "biz_opaque_callback_data",
    ]

    func check(_ request: ReceivedRequest) throws(Refusal) -> @Sendable () -> HTTPResponse {
        guard let authorization = request.authorization, authorization.hasPrefix("Bearer ") else {
            throw wrong(190, "An access token is required to request this resource.")
        }
        guard authorization == "Bearer \(token)" else { throw wrong(190, "Invalid OAuth access token - Cannot parse access token") }
        try checkVersion(request.parameter("version"))
        guard request.parameter("phone_number_id") == phoneNumberID else {
            throw wrong(100, "Object with ID '\(request.parameter("phone_number_id"))' does not exist")
        }
        guard let json = request.json, case .object = json else {
            throw wrong(100, "The body is not a JSON object, or its Content-Type does not say so")
        }
        guard json["messaging_product"] == "whatsapp" else { throw wrong(100, "The parameter messaging_product is required.") }
        if json.has("status") { return try checkRead(json) }

        for member in json.keys where !Self.members.contains(member) { throw wrong(100, "Unexpected key \"\(member)\" on param \"root\".") }
        if json.has("recipient_type"), json["recipient_type"] != "individual" { throw wrong(131009, "recipient_type must be individual") }
        let recipient = try checkRecipientForm(json)
        let context = try checkContext(json)
        let tag = try text(json, "biz_opaque_callback_data", longest: 512, isRequired: false)
        let content: GraphStandIn.Sent.Content
        switch try text(json, "type", longest: 20, isRequired: true) {
        case "text": content = try .text(checkText(json["text"]))
        case "template": content = try checkTemplate(json["template"])
        case let other: throw wrong(131051, "Unsupported message type \(other ?? "")")
        }
        if case .text = content { try checkRecipient(recipient, isText: true) } else { try checkRecipient(recipient, isText: false) }
        return { self.accept(to: recipient, content: content, context: context, tag: tag) }
    }

    private func checkVersion(_ given: String) throws(Refusal) {
        let pieces = given.dropFirst().split(separator: ".", omittingEmptySubsequences: false)
        guard given.hasPrefix("v"), pieces.count == 2, pieces.allSatisfy({ Int($0) != nil }), version == nil || version == given else {
            throw wrong(2500, "Unknown path components: /\(given)")
        }
    }

    private func checkRecipientForm(_ json: JSONValue) throws(Refusal) -> String {
        guard json.has("to") != json.has("recipient") else { throw wrong(131008, "Exactly one of the parameters to and recipient is required.") }
        if let to = json["to"].string {
            let digits = Self.key(to)
            guard (7...15).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), digits.first != "0" else {
                throw wrong(131009, "Parameter to is not a phone number with its country code: \(to)")
            }
            return to
        }
        guard let userID = json["recipient"].string else { throw wrong(131009, "Parameters to and recipient must be strings") }
        let pieces = userID.split(separator: ".", omittingEmptySubsequences: false)
        let isRegion = pieces[0].utf8.count == 2 && pieces[0].utf8.allSatisfy { (0x41...0x5A).contains($0) }
        let isParent = pieces.count == 3 && pieces[1] == "ENT"
        let name = pieces[pieces.count - 1].utf8
        let isName = (1...128).contains(name.count) && name.allSatisfy { Unicode.Scalar($0).properties.isAlphabetic || (0x30...0x39).contains($0) }
        guard isRegion, isName, pieces.count == 2 || isParent else {
            throw wrong(131009, "Parameter recipient is not a business-scoped user id: \(userID)")
        }
        return userID
    }

    private func checkContext(_ json: JSONValue) throws(Refusal) -> String? {
        guard json.has("context") else { return nil }
        guard let id = json["context"]["message_id"].string, id.hasPrefix("wamid."), json["context"].keys == ["message_id"] else {
            throw wrong(100, "Parameter context must be {\"message_id\": the id of a message}")
        }
        return id
    }

    private func checkText(_ text: JSONValue) throws(Refusal) -> String {
        guard case .object = text else { throw wrong(131008, "The parameter text is required.") }
        for member in text.keys where !["body", "preview_url"].contains(member) {
            throw wrong(100, "Unexpected key \"\(member)\" on param \"text\".")
        }
        if text.has("preview_url"), text["preview_url"].bool == nil { throw wrong(131009, "Parameter text.preview_url must be a boolean") }
        return try self.text(text, "body", longest: 4096, isRequired: true) ?? ""
    }

    private func checkTemplate(_ template: JSONValue) throws(Refusal) -> GraphStandIn.Sent.Content {
        guard case .object = template else { throw wrong(131008, "The parameter template is required.") }
        let name = try text(template, "name", longest: 512, isRequired: true) ?? ""
        guard name.utf8.allSatisfy({ (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }) else {
            throw wrong(131009, "A template's name has small letters, digits and _ only: \(name)")
        }
        let language = try text(template["language"], "code", longest: 10, isRequired: true) ?? ""
        guard (2...3).contains(language.prefix { $0 != "_" }.count), !language.contains("-") else {
            throw wrong(131009, "Not a template's language code: \(language)")
        }
        var parameters: [String] = []
        for component in template["components"].array {
            guard ["header", "body", "button"].contains(component["type"].string) else {
                throw wrong(100, "A component's type is header, body or button")
            }
            for parameter in component["parameters"].array {
                guard parameter["type"] == "text" else { throw wrong(100, "A parameter's type is text") }
                let value = try text(parameter, "text", longest: 1024, isRequired: true) ?? ""
                guard !value.contains(where: { $0.isNewline || $0 == "\t" }), !value.contains("     ") else {
                    throw wrong(100, "Param text cannot have new-line/tab characters or more than 4 consecutive spaces")
                }
                if component["type"] == "body" { parameters.append(value) }
            }
        }
        if let templates {
            guard let expected = templates[name] else { throw wrong(132001, "template name (\(name)) does not exist in \(language)") }
            guard expected == parameters.count else {
                throw wrong(
                    132000, "body: number of localizable_params (\(parameters.count)) does not match the expected number of params (\(expected))")
            }
        }
        return .template(name: name, language: language, parameters: parameters)
    }

    private func checkRead(_ json: JSONValue) throws(Refusal) -> @Sendable () -> HTTPResponse {
        for member in json.keys where !["messaging_product", "status", "message_id", "typing_indicator"].contains(member) {
            throw wrong(100, "Unexpected key \"\(member)\" on param \"root\".")
        }
        guard json["status"] == "read", let id = json["message_id"].string, id.hasPrefix("wamid.") else {
            throw wrong(100, "Parameters status and message_id do not mark a message as read")
        }
        return {
            self.markRead(id)
            return .json(200, ["success": true])
        }
    }

    private func text(_ json: JSONValue, _ name: String, longest: Int, isRequired: Bool) throws(Refusal) -> String? {
        guard json.has(name) else {
            if isRequired { throw wrong(131008, "Required parameter is missing: \(name)") }
            return nil
        }
        guard let text = json[name].string else { throw wrong(131009, "Parameter \(name) must be a string") }
        guard !text.isEmpty else { throw wrong(131009, "Parameter \(name) must not be empty") }
        guard text.count <= longest else { throw wrong(100, "Param \(name) must be at most \(longest) characters long.") }
        return text
    }

    private func wrong(_ code: Int, _ details: String) -> Refusal {
        Refusal(response: Self.error(code, details), violation: "\(code) \(details)")
    }
}
