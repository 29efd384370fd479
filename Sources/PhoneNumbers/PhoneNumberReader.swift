private import CPhoneNumber

/// Reads telephone numbers as people of one country write them.
///
/// Concurrency: any thread; the library's metadata is read only.
package struct PhoneNumberReader: Sendable {
    /// The country whose numbers may be written without a country code: `ZA`.
    package let region: String

    /// - Parameter region: two letters in either case (ISO 3166-1), of a country that the library knows.
    package init(region: String) throws(PhoneNumberError) {
        let capitals = region.uppercased()
        // A capital letter outside ASCII may be two within.
        guard region.utf8.allSatisfy({ $0 < 0x80 }), capitals.utf8.count == 2, vendlock_phone_knows_region(capitals) != 0 else {
            throw PhoneNumberError(code: .unknownRegion, region: region)
        }
        self.region = capitals
    }

    /// The number that somebody wrote: `082…`, `27…`, `+27 (0)82…`, `+270…`, `0027…`, in any script's digits; `nil` for everything else.
    ///
    /// With a `+` or `00` in front the country code comes next, and a number as long as that country's numbers are is taken even from a range that
    /// the library does not know. Without, digits may be read in two ways, as a national number and as one whose `+` was left out. A number cut
    /// short must not pass either, so a reading counts only when its range is known or it is as long as a mobile number. Of two that differ
    /// the one that is a mobile number is right; where neither is, or each, the answer is `nil`, and the writer adds the `+`.
    package func number(_ text: String) -> PhoneNumber? {
        guard let written = WrittenNumber(text) else { return nil }
        if written.isInternational {
            return Self.number(international: written.digits) ?? written.withoutTrunkZero.flatMap { Self.number(international: $0) }
        }
        let readings = [Reading(written.digits, region: region), Reading("+" + written.digits, region: Reading.noRegion)]
            .compactMap { $0 }.filter { $0.likelihood != .none }
        guard let best = readings.first(where: { $0.likelihood == .mobile }) ?? readings.first else { return nil }
        guard readings.allSatisfy({ $0.number == best.number || (best.likelihood == .mobile && $0.likelihood != .mobile) }) else { return nil }
        return best.number
    }

    /// The number that a provider sent: the country code and what follows, with or without `+`, nothing else.
    ///
    /// `nil` also for a short code and for a name in the sender's place.
    package static func number(international digits: String) -> PhoneNumber? {
        let bare = digits.utf8.first == UInt8(ascii: "+") ? digits.utf8.dropFirst() : digits.utf8[...]
        guard !bare.isEmpty, bare.count <= Reading.mostDigits + 1, bare.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return nil
        }
        return Reading(international: "+" + String(decoding: bare, as: UTF8.self))?.number
    }
}

/// One way to read digits: a number that some telephone may have.
private struct Reading {
    /// How likely it is that digits without a country code mean this number.
    enum Likelihood {
        /// Of no range that the library knows, and of another length than the country's mobile numbers: cut short, or misread.
        case none
        /// Of a known range, most often a landline; or as long as a mobile number, of a range that may be newer than the library.
        case fair
        /// Of a range that mobile telephones have.
        case mobile
    }

    /// The library's word for: no national numbers.
    static let noRegion = "ZZ"
    /// - Source: ITU-T E.164 section 6.2.1
    static let mostDigits = 15

    let number: PhoneNumber
    let likelihood: Likelihood

    init?(_ digits: String, region: String) {
        self.init(digits, region, withLikelihood: true)
    }

    /// With the country code in front there is nothing to weigh: how likely it is is not asked, which takes most of the library's time.
    init?(international digits: String) {
        self.init(digits, Self.noRegion, withLikelihood: false)
    }

    private init?(_ digits: String, _ region: String, withLikelihood: Bool) {
        guard let first = Self.parse(digits, region, withLikelihood), first.e164.utf8.count <= Self.mostDigits + 1 else { return nil }
        // The library (8.12.57) takes South African mobile numbers that lack up to four of their nine digits.
        guard !first.e164.hasPrefix("+27") || first.e164.utf8.count == 12 else { return nil }
        // What is stored is read again later: a number that would then become another is none.
        guard first.e164 == digits || Self.parse(first.e164, Self.noRegion, false)?.e164 == first.e164 else { return nil }
        number = PhoneNumber(e164: first.e164)
        likelihood = first.likelihood
    }

    private static func parse(_ digits: String, _ region: String, _ withLikelihood: Bool) -> (e164: String, likelihood: Likelihood)? {
        var reading = vendlock_phone_reading()
        guard vendlock_phone_read(digits, region, withLikelihood ? 1 : 0, &reading) == 0 else { return nil }
        let e164 = withUnsafeBytes(of: reading.e164) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        if reading.is_mobile_range != 0 { return (e164, .mobile) }
        return (e164, reading.is_known_range != 0 || reading.has_mobile_length != 0 ? .fair : .none)
    }
}
