package import Wire

/// Reads what was asked for out of the lines of an answer. Pure; what has not its form is passed over.
package enum ATReading {
    /// Of `AT+CGSN`: the item of 15 digits that is an IMEI. Modems give it bare, in quotes, behind `+CGSN:`, or with a serial number.
    /// - Source: the rule is ModemManager's; 3GPP TS 27.007 section 5.4.
    package static func imei(_ lines: [String]) -> IMEI? {
        for line in lines {
            guard let items = items(line, of: ["+CGSN:"]) else { continue }
            for item in items where item.utf8.count == 15 && isNumber(item) {
                // Digits that are no IMEI are some other number.
                if let imei = try? IMEI(item) { return imei }
            }
        }
        return nil
    }

    /// Of `AT+CIMI`: 14 or 15 digits that begin with a country.
    /// - Source: 3GPP TS 23.003 section 2.2.
    package static func imsi(_ lines: [String]) -> String? {
        for line in lines {
            if let item = items(line, of: ["+CIMI:"])?.first(where: { (14...15).contains($0.utf8.count) && isNumber($0) }) { return item }
        }
        return nil
    }

    /// Of `AT+CCID` and its likes: 18 to 20 digits that begin with 89; a filling `F` is no part of it.
    /// - Source: ITU-T E.118 section 4.
    package static func iccid(_ lines: [String]) -> String? {
        for line in lines {
            guard let items = items(line, of: ["+CCID:", "+ICCID:", "+QCCID:", "ICCID:"]) else { continue }
            for item in items { if let iccid = iccid(item) { return iccid } }
        }
        return nil
    }

    package static func iccid(_ text: String) -> String? {
        var digits = text[...]
        while let last = digits.last, last == "F" || last == "f" { digits.removeLast() }
        return (18...20).contains(digits.utf8.count) && isNumber(digits) && digits.hasPrefix("89") ? String(digits) : nil
    }

    /// Of `AT+COPS?` after `AT+COPS=3,2`: country and network.
    package static func network(_ lines: [String]) -> (mcc: String, mnc: String)? {
        for line in lines {
            let fields = line.split(separator: ",", omittingEmptySubsequences: false).map { ATAnswer.trimmed($0) }
            guard line.hasPrefix("+COPS:"), fields.count >= 3, fields[1] == "2" else { continue }
            if let network = network(fields[2].filter { $0 != "\"" }) { return network }
        }
        return nil
    }

    /// `65501`: three digits of the country, two or three of the network.
    package static func network(_ code: String) -> (mcc: String, mnc: String)? {
        (5...6).contains(code.utf8.count) && isNumber(code) ? (String(code.prefix(3)), String(code.dropFirst(3))) : nil
    }

    package static func cell(_ registration: ATRegistration, _ network: (mcc: String, mnc: String)) -> Cell? {
        guard registration.isRegistered, let id = registration.cell else { return nil }
        let isTracking = registration.command.hasTrackingArea
        return Cell(
            mcc: network.mcc, mnc: network.mnc, lac: isTracking ? nil : registration.area, tac: isTracking ? registration.area : nil, id: id,
            radio: registration.technology.flatMap(radio))
    }

    /// - Source: 3GPP TS 27.007 section 7.2, `<AcT>`.
    private static func radio(_ technology: Int) -> Cell.Radio? {
        switch technology {
        case 0, 1, 3, 8: .gsm
        case 2, 4, 5, 6: .umts
        case 7, 9, 10, 13: .lte
        case 11, 12: .nr
        default: nil
        }
    }

    /// What stands between spaces, commas, quotes and colons; `nil` for a line that says something else.
    private static func items(_ line: String, of prefixes: [String]) -> [String]? {
        var rest = line[...]
        if let prefix = prefixes.first(where: { line.hasPrefix($0) }) {
            rest = rest.dropFirst(prefix.count)
        } else if line.hasPrefix("+") || line.hasPrefix("^") {
            return nil
        }
        return rest.split { " \t,:\"".contains($0) }.map(String.init)
    }

    private static func isNumber(_ text: some StringProtocol) -> Bool {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
