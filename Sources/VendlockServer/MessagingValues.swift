import HTTPClient
import Platform

/// Values of the configuration that would only show as wrong when a provider refuses everything: checked at the start, each error naming its key.
enum MessagingValues {
    /// WhatsApp's identifier of our number is not the number itself.
    static func phoneNumberID(_ text: String?) throws(CommandLineError) -> String? {
        guard let text else { return nil }
        guard !text.isEmpty, text.utf8.allSatisfy(isDigit) else {
            throw CommandLineError(
                "whatsapp.phone_number_id is '\(text)': give the phone number ID from the app's page 'API Setup', digits only, not the telephone number"
            )
        }
        return text
    }

    /// `v25.0`.
    static func graphVersion(_ text: String?) throws(CommandLineError) -> String? {
        guard let text else { return nil }
        let numbers = text.dropFirst().split(separator: ".", omittingEmptySubsequences: false)
        guard text.hasPrefix("v"), numbers.count == 2, numbers.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(isDigit) }) else {
            throw CommandLineError("whatsapp.graph_version is '\(text)': write it as Meta does, v and two numbers: v25.0")
        }
        return text
    }

    /// The base of Freshchat's API: a host, and `/v2`.
    static func freshchatURL(_ text: String) throws(CommandLineError) -> String {
        let url = try address(text, "freshchat.url")
        // After the check there is a host behind `//`.
        let path = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false).dropFirst(3).first
        // Plain http is for this machine: a stand-in has whatever path it likes.
        guard path == "v2" || url.hasPrefix("http://") else {
            throw CommandLineError(
                "freshchat.url is '\(text)': give the host of your account and /v2, nothing else: https://ACCOUNT.freshchat.com/v2")
        }
        return url
    }

    /// The server's address as Twilio calls it, without the hook's own path, which an operator may have copied with it.
    static func twilioPublicURL(_ text: String?) throws(CommandLineError) -> String {
        guard let text else { return "" }
        let hook = "/hooks/sms/twilio"
        let url = text.hasSuffix(hook) ? String(text.dropLast(hook.count)) : text
        // Its own check, because Twilio signs an address with a user and password too.
        if url.hasPrefix("https://"), url.utf8.count > 8 { return url }
        do { try ServerURL.check(url) } catch {
            throw CommandLineError("twilio.public_url is '\(text)': give the address that Twilio calls, as its console shows it: https://HOST")
        }
        return url
    }

    static func address(_ url: String, _ key: String) throws(CommandLineError) -> String {
        do { try ServerURL.check(url) } catch { throw CommandLineError("\(key): \(error.detail)") }
        return url.hasSuffix("/") ? String(url.dropLast()) : url
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
