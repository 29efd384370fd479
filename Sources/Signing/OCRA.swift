/// Codes that are the answer to a question, under a secret that both sides hold.
///
/// Not here: an answer that is not truncated (0 digits). No suite of ours asks for one.
/// - Source: RFC 6287.
package struct OCRA: Sendable {
    /// What a code is computed over, besides the suite itself. The suite says which are in it.
    package struct Input: Sendable {
        package var counter: UInt64?
        package var question: String
        /// The hash of a PIN, as long as the suite's algorithm makes it.
        package var pinHash: [UInt8]?
        /// At most as many bytes as the suite says; filled up with zeros in front.
        package var session: [UInt8]?
        /// Steps of the suite's length since 1970.
        package var timeStep: UInt64?

        package init(question: String, counter: UInt64? = nil, pinHash: [UInt8]? = nil, session: [UInt8]? = nil, timeStep: UInt64? = nil) {
            self.question = question
            self.counter = counter
            self.pinHash = pinHash
            self.session = session
            self.timeStep = timeStep
        }
    }

    package enum Refusal: Error, Equatable {
        case unknownSuite
        /// The input has more or less than the suite asks for, or a question of another form.
        case unsuitableInput(String)
    }

    private enum QuestionForm: Character { case text = "A", number = "N", hexadecimal = "H" }

    /// Bytes that a question takes, whatever its length.
    private static let questionLength = 128

    private let suite: String
    private let algorithm: HMACKey.Algorithm
    private let digits: Int
    private let hasCounter: Bool
    private let form: QuestionForm
    private let longestQuestion: Int
    private var pinLength: Int?
    private var sessionLength: Int?
    private var hasTime = false

    /// - Parameter suite: `OCRA-1:HOTP-SHA256-10:C-QN18` for example.
    package init(_ suite: String) throws(Refusal) {
        self.suite = suite
        let parts = suite.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "OCRA-1" else { throw .unknownSuite }
        let function = parts[1].split(separator: "-", omittingEmptySubsequences: false)
        guard function.count == 3, function[0] == "HOTP", let algorithm = HMACKey.Algorithm(rawValue: String(function[1])),
            let digits = Self.number(function[2]), (4...10).contains(digits)
        else { throw .unknownSuite }
        self.algorithm = algorithm
        self.digits = digits
        var fields = parts[2].split(separator: "-", omittingEmptySubsequences: false)[...]
        hasCounter = fields.first == "C"
        if hasCounter { fields.removeFirst() }
        guard let question = fields.popFirst(), question.count == 4, question.first == "Q",
            let form = QuestionForm(rawValue: question[question.index(after: question.startIndex)]),
            let longest = Self.number(question.suffix(2)), (4...64).contains(longest)
        else { throw .unknownSuite }
        self.form = form
        longestQuestion = longest
        if let pin = fields.first, pin.first == "P" {
            guard let hash = HMACKey.Algorithm(rawValue: String(pin.dropFirst())) else { throw .unknownSuite }
            pinLength = hash.length
            fields.removeFirst()
        }
        if let session = fields.first, session.first == "S" {
            guard session.count == 4, let length = Self.number(session.dropFirst()), (1...512).contains(length) else { throw .unknownSuite }
            sessionLength = length
            fields.removeFirst()
        }
        if let time = fields.first, time.first == "T" {
            guard let steps = Self.number(time.dropFirst().dropLast()) else { throw .unknownSuite }
            switch time.last {
            case "S", "M": guard (1...59).contains(steps) else { throw .unknownSuite }
            case "H": guard (0...48).contains(steps) else { throw .unknownSuite }
            default: throw .unknownSuite
            }
            hasTime = true
            fields.removeFirst()
        }
        guard fields.isEmpty else { throw .unknownSuite }
    }

    /// A key for many codes of this suite.
    package func key(_ bytes: [UInt8]) -> HMACKey { HMACKey(bytes, algorithm) }

    /// - Parameter key: made by `key`.
    package func code(_ key: HMACKey, _ input: Input) throws -> String {
        OneTimeCode.truncated(try key.code(of: try message(for: input)), digits: digits)
    }

    /// - Source: RFC 6287 section 5.1.
    private func message(for input: Input) throws(Refusal) -> [UInt8] {
        var message = Array(suite.utf8) + [0]
        guard (input.counter != nil) == hasCounter else { throw .unsuitableInput("counter") }
        if let counter = input.counter { message += Self.bigEndian(counter) }
        message += try questionBytes(input.question)
        guard input.pinHash?.count == pinLength else { throw .unsuitableInput("PIN") }
        message += input.pinHash ?? []
        guard (input.session != nil) == (sessionLength != nil), (input.session?.count ?? 0) <= sessionLength ?? 0 else {
            throw .unsuitableInput("session")
        }
        if let session = input.session { message += [UInt8](repeating: 0, count: (sessionLength ?? 0) - session.count) + session }
        guard (input.timeStep != nil) == hasTime else { throw .unsuitableInput("time") }
        if let step = input.timeStep { message += Self.bigEndian(step) }
        return message
    }

    /// Half bytes from the left, zeros behind them: also a number begins at the left, as the standard's own program has it.
    /// Twice the suite's length is let through, because both sides' questions together make one for mutual proof.
    private func questionBytes(_ question: String) throws(Refusal) -> [UInt8] {
        var halves: [UInt8] = []
        guard (1...min(longestQuestion * 2, Self.questionLength)).contains(question.utf8.count) else { throw .unsuitableInput("question") }
        switch form {
        case .text: for byte in question.utf8 { halves += [byte >> 4, byte & 15] }
        case .hexadecimal:
            for character in question {
                guard character.isASCII, let half = character.hexDigitValue else { throw .unsuitableInput("question") }
                halves.append(UInt8(half))
            }
        case .number:
            for byte in question.utf8 {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { throw .unsuitableInput("question") }
                var carry = byte - UInt8(ascii: "0")
                for place in halves.indices.reversed() {
                    let sum = halves[place] * 10 + carry
                    halves[place] = sum & 15
                    carry = sum >> 4
                }
                if carry > 0 { halves.insert(carry, at: 0) }
            }
        }
        var bytes = [UInt8](repeating: 0, count: Self.questionLength)
        for (place, half) in halves.enumerated() { bytes[place / 2] |= place.isMultiple(of: 2) ? half << 4 : half }
        return bytes
    }

    private static func bigEndian(_ number: UInt64) -> [UInt8] {
        stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> $0) }
    }

    /// Digits only: `Int` takes a sign as well.
    private static func number(_ text: some StringProtocol) -> Int? {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int(text) : nil
    }
}
