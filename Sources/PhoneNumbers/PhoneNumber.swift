/// A telephone number in E.164: `+`, country code, national number; at most 15 digits.
///
/// Two that are one number are equal, whoever wrote them: a value comes from `PhoneNumberReader` only, and what it wrote it reads back as the same.
/// - Source: ITU-T E.164, libphonenumber.
package struct PhoneNumber: Hashable, Sendable, CustomStringConvertible {
    /// `+27821234567`.
    package let e164: String
    package var description: String { e164 }

    init(e164: String) { self.e164 = e164 }
}
