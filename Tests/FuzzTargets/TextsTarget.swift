import Agent
import HTTPClient
import Mail
import Messaging
import PhoneNumbers
import Signing
import Wire

extension FuzzTarget {
    /// Everything that is one text: what is accepted is written as it is read.
    static let texts = FuzzTarget(name: "texts") {
        let phones = try PhoneNumberReader(region: "ZA")
        return { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            try names(text)
            try numbers(text, phones)
            try times(text)
            try codes(bytes, text)
            addresses(text)
        }
    }

    private static func names(_ text: String) throws {
        if let imei = try? IMEI(text) { try hold((try? IMEI(imei.description)) == imei, "the IMEI \(imei) reads back as another") }
        if let name = try? AccountReference(text) { try hold((try? AccountReference(name.text)) == name, "\(name) reads back as another") }
        if let name = try? ChannelCode(text) { try hold(name.text == text, "\(name) is not what was written") }
        if let address = MailAddress(text) { try hold(MailAddress(address.description) == address, "\(address) reads back as another") }
        if let pin = CertificatePin(text) { try hold(pin.description == text, "\(pin) is not what was written") }
        if let address = GPSDAddress(text) { try hold(GPSDAddress(address.description) == address, "\(address) reads back as another") }
    }

    private static func numbers(_ text: String, _ phones: PhoneNumberReader) throws {
        if let number = phones.number(text) {
            try hold(phones.number(number.e164) == number, "\(number) reads back as another")
            try hold(number.e164.utf8.count <= 16, "\(number) is longer than a number can be")
        }
        if let ticket = TicketNumber(text) {
            try hold(TicketNumber(ticket.description) == ticket, "\(ticket) reads back as another")
            try hold(TicketNumber.found(in: text) == [ticket], "\(ticket) is not found in its own text")
        }
        for ticket in TicketNumber.found(in: text) { try hold(TicketNumber(ticket.description) == ticket, "\(ticket) reads back as another") }
    }

    private static func times(_ text: String) throws {
        if let time = Timestamp(text) {
            try hold(Timestamp(time.description) == time, "\(text) is written as \(time), which is another time")
            _ = time.adding(.seconds(86_400))
        }
        if let seconds = HTTPDate.unixSeconds(text) { try hold((0...253_402_300_800).contains(seconds), "\(text) is \(seconds)") }
        let now = Timestamp(unixMilliseconds: FuzzNames.now)
        if let wait = RetryAfter.duration(text, now: now) { try hold(wait > .zero && wait <= RetryAfter.longest, "\(text) is a wait of \(wait)") }
    }

    private static func codes(_ bytes: [UInt8], _ text: String) throws {
        if let decoded = Base64URL.decode(bytes) { try hold(Array(Base64URL.encode(decoded).utf8) == bytes, "two texts are the same bytes: \(text)") }
        if let digits = OfflineCode.read(text) {
            try hold(OfflineCode.read(OfflineCode.spoken(digits)) == digits, "the code \(digits) reads back as another")
        }
        // A suite, a line feed, a question.
        let (first, rest) = line(of: bytes)
        guard let suite = try? OCRA(String(decoding: first, as: UTF8.self)) else { return }
        let key = suite.key([UInt8](repeating: 1, count: 32))
        for counter in [nil, UInt64.max] {
            let input = OCRA.Input(question: String(decoding: rest, as: UTF8.self), counter: counter)
            if let code = try? suite.code(key, input) { try hold((4...10).contains(code.utf8.count), "a code of \(code.utf8.count) digits") }
        }
    }

    private static func addresses(_ text: String) {
        // Whether it is one is the caller's question; here it only has to be answered.
        _ = try? ServerURL.check(text)
    }
}
