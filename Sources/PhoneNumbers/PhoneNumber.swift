private import CPhoneNumber

/// A telephone number in E.164: `+`, country code, national number; at most 15 digits.
/// - Source: ITU-T E.164, libphonenumber.
package struct PhoneNumber: Hashable, Sendable, CustomStringConvertible {
    /// `+27821234567`.
    package let e164: String
    package var description: String { e164 }
}
