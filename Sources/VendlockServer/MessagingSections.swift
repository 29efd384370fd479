import BackOffice
import Messaging
import Platform

/// The sections of the configuration that say through which providers messages come and go.
enum MessagingSections {
    struct WhatsApp: Decodable {
        var app_secret: Secret?
        var verify_token: Secret?
        var access_token: Secret?
        var phone_number_id: String?
        var graph_url: String?
        var graph_version: String?
        var template_prefix: String?
    }

    struct Freshchat: Decodable {
        /// With `/v2` at its end.
        var url: String
        var token: Secret?
        var public_key: Secret?
        var group: String?
        var whatsapp_channels: [String]?
        var agent_id: String?
    }

    struct Twilio: Decodable {
        var url: String?
        var account_sid: String
        var auth_token: Secret
        /// The server's address as Twilio calls it.
        var public_url: String?
        var from: String?
    }

    struct AfricasTalking: Decodable {
        var url: String?
        var username: String?
        var api_key: Secret?
        var secret: Secret?
        var from: String?
    }

    struct Clickatell: Decodable {
        var url: String?
        var api_key: Secret?
        var secret: Secret?
    }

    struct Email: Decodable {
        /// Where vendors write to.
        var address: String
        var secret: Secret
        /// As the receiving mail server signs its `Authentication-Results`.
        var authserv_id: [String]?
    }

    struct Alerts: Decodable {
        var webhook_url: Secret
    }

    static let shape: [String: ConfigShape] = [
        "whatsapp": .object([
            "app_secret": Secret.shape, "verify_token": Secret.shape, "access_token": Secret.shape, "phone_number_id": .value, "graph_url": .value,
            "graph_version": .value, "template_prefix": .value,
        ]),
        "freshchat": .object([
            "url": .value, "token": Secret.shape, "public_key": Secret.shape, "group": .value, "whatsapp_channels": .value, "agent_id": .value,
        ]),
        "twilio": .object(["url": .value, "account_sid": .value, "auth_token": Secret.shape, "public_url": .value, "from": .value]),
        "africastalking": .object(["url": .value, "username": .value, "api_key": Secret.shape, "secret": Secret.shape, "from": .value]),
        "clickatell": .object(["url": .value, "api_key": Secret.shape, "secret": Secret.shape]),
        "email": .object(["address": .value, "secret": Secret.shape, "authserv_id": .value]),
        "alerts": .object(["webhook_url": Secret.shape]),
    ]
}

extension ServerConfiguration {
    /// The providers, their secrets read and their addresses checked.
    func messaging() throws -> MessagingConfiguration {
        var messaging = MessagingConfiguration()
        if let whatsapp {
            var configuration = WhatsAppConfiguration(
                appSecret: try whatsapp.app_secret?.text("whatsapp.app_secret") ?? "",
                verifyToken: try whatsapp.verify_token?.text("whatsapp.verify_token"),
                accessToken: try whatsapp.access_token?.text("whatsapp.access_token"),
                phoneNumberID: try MessagingValues.phoneNumberID(whatsapp.phone_number_id))
            configuration.graphURL = try address(whatsapp.graph_url, "whatsapp.graph_url") ?? configuration.graphURL
            configuration.graphVersion = try MessagingValues.graphVersion(whatsapp.graph_version) ?? configuration.graphVersion
            configuration.templatePrefix = whatsapp.template_prefix ?? configuration.templatePrefix
            messaging.whatsapp = configuration
        }
        if let freshchat {
            messaging.freshchat = FreshchatConfiguration(
                url: try MessagingValues.freshchatURL(freshchat.url), token: try freshchat.token?.text("freshchat.token"),
                publicKey: try freshchat.public_key?.text("freshchat.public_key"), group: freshchat.group ?? "Device Lock",
                whatsappChannels: freshchat.whatsapp_channels ?? [], agentID: freshchat.agent_id)
        }
        if let twilio {
            var configuration = TwilioConfiguration(
                accountSID: twilio.account_sid, authToken: try twilio.auth_token.text("twilio.auth_token"),
                publicURL: try MessagingValues.twilioPublicURL(twilio.public_url), from: twilio.from)
            configuration.url = try address(twilio.url, "twilio.url") ?? configuration.url
            messaging.twilio = configuration
        }
        if let africastalking {
            var configuration = AfricasTalkingConfiguration(
                username: africastalking.username ?? "", apiKey: try africastalking.api_key?.text("africastalking.api_key"),
                secret: try africastalking.secret.map { try pathSecret($0, "africastalking.secret") }, from: africastalking.from)
            if configuration.apiKey != nil, configuration.username.isEmpty {
                throw CommandLineError("africastalking.username is missing: sending with africastalking.api_key needs it")
            }
            configuration.url = try address(africastalking.url, "africastalking.url") ?? configuration.url
            messaging.africasTalking = configuration
        }
        if let clickatell {
            var configuration = ClickatellConfiguration(
                apiKey: try clickatell.api_key?.text("clickatell.api_key"),
                secret: try clickatell.secret.map { try pathSecret($0, "clickatell.secret") })
            configuration.url = try address(clickatell.url, "clickatell.url") ?? configuration.url
            messaging.clickatell = configuration
        }
        if let email {
            guard email.address.contains("@") else {
                throw CommandLineError("email.address is '\(email.address)': give the address that vendors write to")
            }
            let secret = try email.secret.text("email.secret")
            guard secret.utf8.count >= 16 else {
                throw CommandLineError(
                    "email.secret is all that proves who posts to /hooks/email: give 16 or more characters, for example from openssl rand -hex 24")
            }
            messaging.email = EmailConfiguration(address: email.address, secret: secret, trusted: email.authserv_id ?? [])
        }
        if let alerts {
            let url = try alerts.webhook_url.text("alerts.webhook_url")
            messaging.alertsURL = try address(url, "alerts.webhook_url")
        }
        messaging.webhooks = try webhookEndpoints()
        return messaging
    }

    /// What is there but will not do what its owner may expect of it: a line each for the log.
    func messagingWarnings(_ messaging: MessagingConfiguration) -> [String] {
        var warnings: [String] = []
        if let whatsapp = messaging.whatsapp {
            if whatsapp.appSecret.isEmpty {
                warnings.append("whatsapp.app_secret is missing: WhatsApp's messages cannot be verified and are refused")
            }
            if whatsapp.accessToken == nil { warnings.append("whatsapp.access_token is missing: messages lock, but nobody is answered on WhatsApp") }
            if whatsapp.accessToken != nil, whatsapp.phoneNumberID == nil {
                warnings.append(
                    "whatsapp.phone_number_id is missing: who writes is answered, but nobody is told anything of our own accord on WhatsApp")
            }
            if whatsapp.verifyToken == nil { warnings.append("whatsapp.verify_token is missing: Meta cannot verify the webhook's address") }
        }
        if let freshchat = messaging.freshchat {
            if freshchat.publicKey == nil {
                warnings.append("freshchat.public_key is missing: Freshchat's messages cannot be verified and are refused")
            }
            if freshchat.token == nil {
                warnings.append("freshchat.token is missing: senders cannot be looked up, so Freshchat messages lock nothing")
            }
            if freshchat.whatsappChannels.isEmpty { warnings.append("freshchat.whatsapp_channels is empty: no Freshchat message locks anything") }
        }
        if let twilio = messaging.twilio, twilio.publicURL.isEmpty {
            warnings.append("twilio.public_url is missing: Twilio's messages cannot be verified and are refused")
        }
        if let configuration = messaging.africasTalking, configuration.secret == nil {
            warnings.append("africastalking.secret is missing: its SMS and USSD cannot be verified and are refused")
        }
        if let configuration = messaging.clickatell, configuration.secret == nil {
            warnings.append("clickatell.secret is missing: its SMS cannot be verified and are refused")
        }
        if let email = messaging.email, email.trusted.isEmpty {
            warnings.append("email.authserv_id is empty: no e-mail's sender counts as confirmed, so level 1 must say each time how they made sure")
        }
        for (secret, key) in [(messaging.africasTalking?.secret, "africastalking.secret"), (messaging.clickatell?.secret, "clickatell.secret")] {
            guard let secret, secret.utf8.count < 16 else { continue }
            warnings.append(
                "\(key) is all that proves who calls, and short: give 16 or more letters and digits, for example from openssl rand -hex 24")
        }
        return warnings
    }

    private func address(_ url: String?, _ key: String) throws(CommandLineError) -> String? {
        guard let url else { return nil }
        return try MessagingValues.address(url, key)
    }

    /// A part of a URL.
    private func pathSecret(_ secret: Secret, _ key: String) throws(CommandLineError) -> String {
        let text = try secret.text(key)
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }) else {
            throw CommandLineError("\(key) is a part of a URL: give letters and digits, for example from openssl rand -hex 24")
        }
        return text
    }
}
