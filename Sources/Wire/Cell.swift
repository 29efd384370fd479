/// The cell of a mobile network that a terminal's modem is registered in: a street in a city, a valley in the country.
///
/// `{"mcc": "645", "mnc": "01", "lac"?: 291, "tac"?: 7213, "id": 11642115, "radio"?: "lte"}`. Either area code may be absent, not both.
/// - Source: 3GPP TS 23.003 sections 4.1, 4.3 and 19.4.2.
package struct Cell: Codable, Sendable, Equatable {
    package enum Radio: String, Codable, CaseIterable, Sendable { case gsm, umts, lte, nr }

    /// Country and network: digits, with their leading zeros. The network has two or three, and `01` is not `001`.
    package let mcc: String
    package let mnc: String
    /// Location area, 16 bits; of GSM and UMTS.
    package let lac: Int?
    /// Tracking area, 24 bits at most; of LTE and NR.
    package let tac: Int?
    /// 36 bits at most.
    package let id: Int64
    package let radio: Radio?

    /// `nil` unless it can be one. An area that says nothing (0, and the highest two of its length) counts as absent.
    package init?(mcc: String, mnc: String, lac: Int?, tac: Int?, id: Int64, radio: Radio? = nil) {
        func isNumber(_ text: String, _ lengths: ClosedRange<Int>) -> Bool {
            lengths.contains(text.utf8.count) && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        }
        guard isNumber(mcc, 3...3), isNumber(mnc, 2...3), (1..<1 << 36).contains(id) else { return nil }
        let lac = lac.flatMap { (1..<0xFFFE).contains($0) ? $0 : nil }
        let tac = tac.flatMap { (1..<0xFF_FFFE).contains($0) && !(0xFFFE...0xFFFF).contains($0) ? $0 : nil }
        guard lac != nil || tac != nil else { return nil }
        self.mcc = mcc
        self.mnc = mnc
        self.lac = lac
        self.tac = tac
        self.id = id
        self.radio = radio
    }

    private enum CodingKeys: CodingKey { case mcc, mnc, lac, tac, id, radio }

    package init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: CodingKeys.self)
        // A newer radio than these does not make the cell unknown.
        let radio = try object.decodeIfPresent(String.self, forKey: .radio).flatMap(Radio.init)
        let cell = try Cell(
            mcc: object.decode(String.self, forKey: .mcc), mnc: object.decode(String.self, forKey: .mnc),
            lac: object.decodeIfPresent(Int.self, forKey: .lac), tac: object.decodeIfPresent(Int.self, forKey: .tac),
            id: object.decode(Int64.self, forKey: .id), radio: radio)
        guard let cell else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: object.codingPath, debugDescription: "A cell has 'mcc' and 'mnc' in digits, 'id', and 'lac' or 'tac'."))
        }
        self = cell
    }
}

extension Cell: CustomStringConvertible {
    /// `645-01, tracking area 7213, cell 11642115 (lte)`.
    package var description: String {
        let areas = [lac.map { "location area \($0)" }, tac.map { "tracking area \($0)" }].compactMap(\.self)
        return (["\(mcc)-\(mnc)"] + areas + ["cell \(id)"]).joined(separator: ", ") + (radio.map { " (\($0.rawValue))" } ?? "")
    }
}
