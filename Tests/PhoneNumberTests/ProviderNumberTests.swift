import PhoneNumbers
import TestSupport
import Testing

/// How providers write numbers, and that both writings meet.
struct ProviderNumberTests {
    private static let sent: [(String, String)] = [
        ("27821234567", "+27821234567"), ("+27821234567", "+27821234567"), ("260571234567", "+260571234567"), ("26771123456", "+26771123456"),
        ("26650123456", "+26650123456"), ("26876123456", "+26876123456"), ("264811234567", "+264811234567"), ("4915123456789", "+4915123456789"),
    ]

    @Test(arguments: sent) func readsWhatAProviderSends(_ digits: String, _ number: String) {
        #expect(PhoneNumberReader.number(international: digits)?.e164 == number)
    }

    /// A short code, a name, a number of people's writing: none is a provider's sender.
    @Test(arguments: [
        "", "+", "21512", "MTN", "0821234567", "0027821234567", "821234567", "+27 82 123 4567", "27-821234567", "ZM.13491208655302741918",
        "whatsapp:+27821234567", "++27821234567", "+27821234567\n", "\u{662}\u{667}821234567", "2782123456789012345678",
    ])
    func refusesWhatNoProviderSends(_ digits: String) {
        #expect(PhoneNumberReader.number(international: digits) == nil)
    }

    /// The same digits, linked in a back office of any region and sent by a provider, are one number or not taken at all.
    @Test(arguments: ["ZA", "ZM", "NA", "BW", "LS", "SZ", "DE", "IN", "ID", "PT", "MZ", "CA"]) func agreesWithProviders(_ region: String) throws {
        let reader = try PhoneNumberReader(region: region)
        for number in Self.mobiles {
            let sent = try #require(PhoneNumberReader.number(international: String(number.dropFirst())), "\(number)")
            #expect(sent.e164 == number)
            // With the mark there is no doubt; without it the answer is this number or a request for the mark.
            #expect(reader.number(number) == sent)
            #expect(reader.number("00" + number.dropFirst()) == sent)
            if let guess = reader.number(String(number.dropFirst())) { #expect(guess == sent, "\(number) in \(region)") }
        }
    }

    /// A few numbers from each mobile range of the countries of the trade.
    private static let mobiles: [String] = {
        let ranges: [(code: String, starts: [String], length: Int)] = [
            ("27", ["60", "61", "67", "71", "72", "73", "74", "76", "78", "79", "81", "82", "83", "84"], 9),
            ("260", ["55", "56", "57", "58", "75", "76", "77", "78", "79", "95", "96", "97", "98"], 9), ("264", ["60", "81", "82", "84", "85"], 9),
            ("267", ["71", "72", "73", "74", "75", "76", "77", "78"], 8), ("266", ["50", "56", "57", "58", "62", "63", "68"], 8),
            ("268", ["75", "76", "77", "78", "79"], 8), ("258", ["82", "84", "86"], 9), ("91", ["60", "70", "98"], 10), ("62", ["811", "812"], 11),
        ]
        var generator = SeededGenerator(seed: 3)
        return ranges.flatMap { range in
            range.starts.flatMap { start in
                (0..<5).map { _ in
                    let rest = (0..<(range.length - start.count)).map { _ in String(Int.random(in: 0...9, using: &generator)) }
                    return "+" + range.code + start + rest.joined()
                }
            }
        }
    }()

    /// Whatever digits come, what is read is in E.164 and reads as itself everywhere.
    @Test func whatWasReadOnceIsReadTheSameAgain() throws {
        let readers = try ["ZA", "ZM", "BW", "DE", "CA", "IN", "IT", "MX", "AR"].map { try PhoneNumberReader(region: $0) }
        var generator = SeededGenerator(seed: 7)
        var taken = 0
        for _ in 0..<3_000 {
            let prefix = ["", "0", "00", "+", "27", "+27", "0027", "+270", "260", "+54", "+52", "+39"].randomElement(using: &generator)!
            let digits = (0..<Int.random(in: 4...13, using: &generator)).map { _ in String(Int.random(in: 0...9, using: &generator)) }
            let reader = readers.randomElement(using: &generator)!
            guard let number = reader.number(prefix + digits.joined()) else { continue }
            taken += 1
            #expect(number.e164.utf8.count <= 16 && number.e164.hasPrefix("+") && number.e164.dropFirst().allSatisfy(\.isNumber))
            #expect(PhoneNumberReader.number(international: number.e164) == number)
            for reader in readers { #expect(reader.number(number.e164) == number) }
        }
        #expect(taken > 300)
    }

    @Test func readsInManyThreadsAtOnce() async throws {
        let expected = Self.mobiles.map { PhoneNumberReader.number(international: $0) }
        await withTaskGroup(of: Bool.self) { group in
            for region in ["ZA", "ZM", "NA", "BW", "LS", "SZ", "DE", "CA"] {
                group.addTask {
                    guard let reader = try? PhoneNumberReader(region: region) else { return false }
                    return Self.mobiles.map { reader.number($0) } == expected
                }
            }
            for await right in group { #expect(right) }
        }
    }
}
