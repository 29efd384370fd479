/// What one offline code says: a vendor types it, and the terminal obeys without a network.
package struct OfflineCode: Sendable, Equatable {
    package enum Action: String, Codable, CaseIterable, Sendable {
        /// The lease runs so many hours from now.
        case extend
        /// A lock is lifted until the server is heard; with hours, the lease runs as long.
        case unlock
        case lock
    }

    /// Digits of a code before its check digit.
    package static let digits = 10
    /// A terminal looks at so many counters from the first that it has not passed.
    package static let window: Int64 = 5
    package static let mostHours = 72

    package var counter: Int64
    package var action: Action
    /// 1 to 72 of `extend`, 0 to 72 of `unlock`, 0 of `lock`.
    package var hours: Int

    /// `nil` for hours that the action does not have.
    package init?(counter: Int64, action: Action, hours: Int) {
        guard counter >= 0, Self.hours(of: action).contains(hours) else { return nil }
        self.counter = counter
        self.action = action
        self.hours = hours
    }

    package static func hours(of action: Action) -> ClosedRange<Int> {
        switch action {
        case .extend: 1...mostHours
        case .unlock: 0...mostHours
        case .lock: 0...0
        }
    }

    /// Everything that a code of this counter can say.
    package static func all(of counter: Int64) -> [OfflineCode] {
        Action.allCases.flatMap { action in hours(of: action).compactMap { OfflineCode(counter: counter, action: action, hours: $0) } }
    }

    /// Of 18 digits: the terminal, the action and the hours, so that a code serves no other.
    package func question(for imei: IMEI) -> String {
        let number =
            switch action {
            case .extend: "1"
            case .unlock: "2"
            case .lock: "3"
            }
        return imei.description + number + (hours < 10 ? "0" : "") + String(hours)
    }

    /// As it is read out: the code and its check digit, which catches each single wrong digit.
    package static func spoken(_ code: String) -> String { code + String(checkDigit(of: code.utf8)) }

    /// The ten digits of a code as it was typed, with spaces and dashes; `nil` when it is none or its check digit is wrong.
    package static func read(_ typed: String) -> String? {
        let typed = typed.utf8.filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "-") }
        guard typed.count == digits + 1, typed.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            checkDigit(of: typed.dropLast()) == typed.last.map({ Int($0) - 48 })
        else { return nil }
        return String(decoding: typed.dropLast(), as: UTF8.self)
    }

    /// - Source: ISO/IEC 7064, MOD 11,10.
    package static func checkDigit(of digits: some Sequence<UInt8>) -> Int {
        var product = 10
        for digit in digits {
            let sum = (product + Int(digit) - 48) % 10
            product = (sum == 0 ? 10 : sum) * 2 % 11
        }
        return (11 - product) % 10
    }
}

/// What a terminal needs to know an offline code: signed by the server like a lease, so that nobody else can give it a key.
package struct OfflineCodeGrant: Codable, Sendable, Equatable {
    package static let type = "codes+jwt"

    package var sub: IMEI
    /// Of the connection request.
    package var nonce: String
    /// 32 bytes, base64url.
    package var key: String
    /// The first counter that a code may have.
    package var next: Int64

    package init(sub: IMEI, nonce: String, key: String, next: Int64) {
        self.sub = sub
        self.nonce = nonce
        self.key = key
        self.next = next
    }
}
