/// The identity of one terminal: 15 digits, the last a Luhn check digit.
///
/// Two IMEIs are the same device when their first 14 digits agree, so those 14 are what is stored and compared;
/// the check digit is computed for display. Never an integer in JSON: always a string of 15 digits.
/// - Source: 3GPP TS 23.003 section 6.2 and annex B.
package struct IMEI: Hashable, Sendable, CustomStringConvertible {
    /// The first 14 digits as a number; leading zeros are kept by `description`.
    package let serial: UInt64

    /// Why a text is not an IMEI.
    package enum Refusal: Error, Equatable, CustomStringConvertible {
        case notDigits, wrongLength(Int), wrongCheckDigit(expected: Int), allZeros

        package var description: String {
            switch self {
            case .notDigits: "An IMEI has digits only, with spaces, '-', '/' or '.' between them. Dial *#06# on the terminal to read it."
            case .wrongLength(let count):
                "An IMEI has 15 digits (14 and 16 are accepted); this one has \(count). Dial *#06# on the terminal to read it."
            case .wrongCheckDigit(let expected): "The IMEI's last digit should be \(expected): one digit is mistyped. Read it again."
            case .allZeros: "An IMEI of only zeros names no device. Read it again, or have the modem repaired."
            }
        }
    }

    /// Reads 14 (no check digit), 15 or 16 (IMEISV) digits with or without separators.
    package init(_ text: some StringProtocol) throws(Refusal) {
        var digits: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digits.append(byte - UInt8(ascii: "0"))
            case UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: "."): continue
            default: throw .notDigits
            }
            if digits.count > 17 { break }
        }
        guard (14...16).contains(digits.count) else { throw .wrongLength(digits.count) }
        if digits.count == 15 {
            let expected = Self.checkDigit(digits.prefix(14))
            guard Int(digits[14]) == expected else { throw .wrongCheckDigit(expected: expected) }
        }
        serial = digits.prefix(14).reduce(0) { $0 * 10 + UInt64($1) }
        guard serial != 0 else { throw .allZeros }
    }

    /// The device whose first 14 digits are `serial`.
    package init(serial: UInt64) {
        precondition(serial > 0 && serial < 100_000_000_000_000, "an IMEI's serial has 14 digits")
        self.serial = serial
    }

    package var description: String {
        var digits = [UInt8](repeating: 0, count: 14)
        var rest = serial
        for place in stride(from: 13, through: 0, by: -1) {
            digits[place] = UInt8(rest % 10)
            rest /= 10
        }
        digits.append(UInt8(Self.checkDigit(digits[...])))
        return String(decoding: digits.map { $0 + UInt8(ascii: "0") }, as: UTF8.self)
    }

    /// Luhn over the 14 digits: every second one doubled, counted from the right.
    private static func checkDigit(_ digits: ArraySlice<UInt8>) -> Int {
        var sum = 0
        for (place, digit) in digits.enumerated() {
            let value = place % 2 == 1 ? Int(digit) * 2 : Int(digit)
            sum += value > 9 ? value - 9 : value
        }
        return (10 - sum % 10) % 10
    }
}

extension IMEI.Refusal: JSONNameRefusal {
    var jsonCode: JSONRefusal.Code { .invalidIMEI }
}

extension IMEI: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        do {
            try self.init(container.decode(String.self))
        } catch let refusal as Refusal {
            throw DecodingError.dataCorrupted(
                .init(codingPath: container.codingPath, debugDescription: refusal.description, underlyingError: refusal))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
