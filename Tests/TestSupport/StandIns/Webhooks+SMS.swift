import FoundationEssentials
import Signing

/// Forms and JSON of the three SMS providers, and USSD.
extension Webhooks {
    private static let formType = "application/x-www-form-urlencoded"

    /// Any form, signed as Twilio signs it.
    ///
    /// - Parameter url: exactly what Twilio was told to call, with its query.
    /// - Source: www.twilio.com/docs/usage/security: the URL, then each name and value in the order of the names; HMAC-SHA1 in base64.
    package static func twilio(form: [(String, String)], token: String, url: String) throws -> Webhook {
        var values: [String: Set<String>] = [:]
        for (name, value) in form { values[name, default: []].insert(value) }
        let signed = url + values.sorted { $0.key < $1.key }.map { name, values in values.sorted().map { name + $0 }.joined() }.joined()
        let signature = Data(try HMACKey(Array(token.utf8), .sha1).code(of: Array(signed.utf8))).base64EncodedString()
        return Webhook(
            body: FormFields.encoded(form), contentType: formType + "; charset=UTF-8", headers: ["X-Twilio-Signature: \(signature)"])
    }

    package static func twilio(
        text: String, from: String, to: String = "+27110000000", id: String? = nil, optOut: String? = nil,
        account: String = "AC00000000000000000000000000000001", token: String, url: String
    ) throws -> Webhook {
        let id = id ?? "SM" + Identifiers.hex()
        var form = [
            ("ToCountry", "ZA"), ("MessageSid", id), ("SmsSid", id), ("SmsMessageSid", id), ("AccountSid", account), ("From", from), ("To", to),
            ("Body", text), ("NumMedia", "0"), ("NumSegments", "1"), ("SmsStatus", "received"), ("ApiVersion", "2010-04-01"), ("FromCountry", "ZA"),
        ]
        if let optOut { form.append(("OptOutType", optOut)) }
        return try twilio(form: form, token: token, url: url)
    }

    /// Africa's Talking signs nothing: the path is the secret.
    package static func africasTalking(
        text: String, from: String, to: String = "21512", id: String? = nil, date: String = "2026-07-18 12:00:00"
    ) -> Webhook {
        let form = [
            ("linkId", ""), ("text", text), ("to", to), ("id", id ?? Identifiers.uuid()), ("date", date), ("from", from), ("networkCode", "65501"),
        ]
        return Webhook(body: FormFields.encoded(form), contentType: formType)
    }

    /// A delivery report of Africa's Talking.
    package static func africasTalkingReport(id: String, status: String, to number: String, reason: String? = nil) -> Webhook {
        var form = [("id", id), ("status", status), ("phoneNumber", number), ("networkCode", "65501"), ("retryCount", "0")]
        if let reason { form.append(("failureReason", reason)) }
        return Webhook(body: FormFields.encoded(form), contentType: formType)
    }

    /// One step of a USSD session.
    ///
    /// - Parameter text: all that was typed since the session began, the steps separated by `*`; empty at first.
    package static func ussd(session: String, from: String, text: String, serviceCode: String = "*384*5678#") -> Webhook {
        let form = [("sessionId", session), ("serviceCode", serviceCode), ("phoneNumber", from), ("networkCode", "65501"), ("text", text)]
        return Webhook(body: FormFields.encoded(form), contentType: formType)
    }

    /// The notice that a USSD session has ended: Success, Failed or Incomplete.
    package static func ussdEnd(session: String, from: String, status: String, input: String, serviceCode: String = "*384*5678#") -> Webhook {
        let form = [
            ("date", "2026-07-18 12:00:00"), ("sessionId", session), ("serviceCode", serviceCode), ("networkCode", "65501"), ("phoneNumber", from),
            ("status", status), ("cost", "ZAR 0.2000"), ("durationInMillis", "21000"), ("hopsCount", "2"), ("input", input), ("lastAppResponse", ""),
            ("errorMessage", ""),
        ]
        return Webhook(body: FormFields.encoded(form), contentType: formType)
    }

    /// Clickatell signs nothing: its key is in the body, the path is the secret.
    ///
    /// - Parameter charset: other than UTF-8 only with `text` percent-encoded in it.
    package static func clickatell(
        text: String, from: String, to: String = "27110000000", id: String? = nil, apiKey: String = "clickatell-key==", charset: String = "UTF-8"
    ) -> Webhook {
        let json: JSONValue = [
            "integrationId": "ff8080815d1b0f5a015d1b1a2b3c0001", "messageId": .string(id ?? Identifiers.hex()), "replyMessageId": .null,
            "apiKey": .string(apiKey), "fromNumber": .string(from), "toNumber": .string(to), "timestamp": .integer(Int64(wallSeconds() * 1000)),
            "text": .string(text), "charset": .string(charset), "udh": "", "network": "655001", "keyword": "",
        ]
        return Webhook(body: json.bytes)
    }

    /// A delivery report of Clickatell.
    package static func clickatellReport(id: String, status: String, to number: String, apiKey: String = "clickatell-key==") -> Webhook {
        let json: JSONValue = [
            "apiKey": .string(apiKey), "messageId": .string(id), "requestId": .string(Identifiers.hex()), "clientMessageId": .null,
            "to": .string(number),
            "from": "27110000000", "status": .string(status), "statusDescription": .string(status),
            "timestamp": .integer(Int64(wallSeconds() * 1000)),
        ]
        return Webhook(body: json.bytes)
    }
}
